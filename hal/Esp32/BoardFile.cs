using System;
using System.Collections;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Text;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>
    /// What the ME has to know of the board it runs on: the file boards/*.json of the board, put on the drive
    /// unchanged. Without it the ME runs, without LED and serial console.
    /// </summary>
    public sealed class BoardFile
    {
        /// <summary>GPIO of the status LED; -1 for none that this firmware can light (WS2812 ones among them).</summary>
        public int LedPin { get; private set; }

        /// <summary>True when a low level lights the LED.</summary>
        public bool LedActiveLow { get; private set; }

        /// <summary>Serial port of the console for commands, "COM2" or "COM3"; null for none.</summary>
        public string ConsolePort { get; private set; }

        /// <summary>GPIO that the console sends on.</summary>
        public int ConsoleTx { get; private set; }

        /// <summary>GPIO that the console receives on.</summary>
        public int ConsoleRx { get; private set; }

        /// <summary>Bits a second of the console.</summary>
        public int ConsoleBaud { get; private set; }

        /// <summary>Reads the file.</summary>
        /// <param name="path">Its path; it need not exist.</param>
        /// <param name="events">Gets "board-file-wrong" when it is there and not to be understood.</param>
        public static BoardFile Read(string path, IEventSink events)
        {
            BoardFile board = new BoardFile { LedPin = -1 };
            try
            {
                if (File.Exists(path))
                {
                    Hashtable document = (Hashtable)Json.Parse(Octets.ToText(File.ReadAllBytes(path)));
                    board.ReadLed(document);
                    board.ReadConsole(document);
                }
            }
            catch (Exception failure)
            {
                events.Report(new MeEvent("board-file-wrong").With("reason", path + ": not one of boards/*.json: " + failure.Message));
            }

            return board;
        }

        private void ReadConsole(Hashtable document)
        {
            Hashtable console = document["serialConsole"] as Hashtable;
            if (console != null)
            {
                ConsoleTx = (int)(long)console["tx"];
                ConsoleRx = (int)(long)console["rx"];
                ConsoleBaud = (int)(long)console["baud"];
                ConsolePort = (string)console["port"];
            }
        }

        private void ReadLed(Hashtable document)
        {
            Hashtable led = document["led"] as Hashtable;
            if (led != null && (string)led["kind"] == "plain")
            {
                LedActiveLow = (string)led["activeLevel"] == "low";
                LedPin = (int)(long)led["pin"];
            }
        }
    }
}
