using System;
using System.Collections;
using System.IO;
using MbmsMe.Configuration;
using MbmsMe.Crypto;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>
    /// What the ME has to know of the board it runs on: the file boards/*.json of the board, put on the drive
    /// unchanged. Without it the ME runs, without LED.
    /// </summary>
    public sealed class BoardFile
    {
        /// <summary>GPIO of the status LED; -1 for none that this firmware can light (WS2812 ones among them).</summary>
        public int LedPin { get; private set; }

        /// <summary>True when a low level lights the LED.</summary>
        public bool LedActiveLow { get; private set; }

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
                    board.ReadLed(Json.Parse(Octets.ToText(File.ReadAllBytes(path))));
                }
            }
            catch (Exception failure)
            {
                events.Report(new MeEvent("board-file-wrong").With("reason", path + ": not one of boards/*.json: " + failure.Message));
            }

            return board;
        }

        private void ReadLed(object document)
        {
            Hashtable led = ((Hashtable)document)["led"] as Hashtable;
            if (led != null && (string)led["kind"] == "plain")
            {
                LedActiveLow = (string)led["activeLevel"] == "low";
                LedPin = (int)(long)led["pin"];
            }
        }
    }
}
