using System;
using System.IO;
using System.Threading;
using MbmsMe.Binary;
using MbmsMe.Configuration;
using MbmsMe.Hal.Esp32;
using MbmsMe.Machine;
using MbmsMe.Runtime;

namespace MbmsMe.App
{
    /// <summary>The ME as the program of a board.</summary>
    public static class Program
    {
        private const string ConfigurationPath = "I:\\me.json";
        private const string BoardPath = "I:\\board.json";
        private const int ComplaintPeriodMilliseconds = 10000;

        // What a burst of events takes; each is some hundred octets of the heap until it is written.
        private const int EventDepth = 16;

        // Each line costs the interpreter some 10 ms.
        private const int MaxDropsPerSecond = 2;

        /// <summary>Runs for ever; what nobody foresaw ends in a restart.</summary>
        public static void Main()
        {
            EventWriter events = new EventWriter(new SerialOutput(), EventDepth, MaxDropsPerSecond);
            events.Start();
            try
            {
                BoardFile board = BoardFile.Read(BoardPath, events);
                StatusLed led = new StatusLed(board, events);
                new Board(board, ReadConfiguration(events, led), events, led).Run();
            }
            catch (Exception failure)
            {
                Restart.Because(events, Restart.Describe(failure));
            }
        }

        /// <summary>Reads me.json; while it is wrong, says so again and again until somebody has put a right one there.</summary>
        private static MeConfiguration ReadConfiguration(IEventSink events, StatusLed led)
        {
            while (true)
            {
                string problem;
                try
                {
                    return MeConfiguration.Parse(Octets.ToText(File.ReadAllBytes(ConfigurationPath)), ReadFile);
                }
                catch (ConfigurationException wrong)
                {
                    problem = wrong.Message;
                }
                catch (Exception failure)
                {
                    problem = File.Exists(ConfigurationPath)
                        ? "cannot be read: " + Restart.Describe(failure)
                        : "not there; flash.ps1 -Config puts it there";
                }

                led.Show(LedPattern.Fault);
                events.Report(new MeEvent("configuration-wrong").With("reason", ConfigurationPath + ": " + problem));
                Thread.Sleep(ComplaintPeriodMilliseconds);
            }
        }

        private static byte[] ReadFile(string path)
        {
            if (!File.Exists(path))
            {
                throw new IOException(path + " is not there; nanoff --filedeployment puts it there");
            }

            try
            {
                return File.ReadAllBytes(path);
            }
            catch (Exception failure)
            {
                // Not only IOException, with a drive or a path that is none.
                throw new IOException(path + ": " + Restart.Describe(failure));
            }
        }
    }
}
