using System;
using System.IO.Ports;
using System.Threading;
using MbmsMe.Binary;
using MbmsMe.Control;
using MbmsMe.Hal.Esp32;
using MbmsMe.Machine;
using MbmsMe.Runtime;
using nanoFramework.Hardware.Esp32;
using PinConfiguration = nanoFramework.Hardware.Esp32.Configuration;

namespace MbmsMe.App
{
    /// <summary>
    /// Commands of the user over a second UART, the same as those of the host ME's control socket: a line in, a line of JSON
    /// out, no echo.
    /// </summary>
    /// <remarks>
    /// UART0 is not to be had: the firmware keeps it for its wire protocol, which flashes and debugs, and gives programs no
    /// input from it (nanoFramework has Console.WriteLine, and no Console.ReadLine).
    /// </remarks>
    public sealed class SerialConsole
    {
        private const int AskTimeoutMilliseconds = 5000;
        private const int BufferOctets = 2 * CommandConsole.MaxLineLength;

        // What fits into the UART's FIFO. For more the driver keeps a pointer into the managed heap while other threads run.
        private const int ChunkOctets = 96;
        private const int BitsPerOctet = 10;

        private readonly BoardFile _board;
        private readonly RunningMe _me;
        private readonly IEventSink _events;
        private SerialPort _port;
        private byte[] _line;
        private int _length;
        private bool _hasFailed;

        /// <summary>Makes it.</summary>
        /// <param name="board">Names port and pins, or none.</param>
        /// <param name="me">Executes the commands.</param>
        /// <param name="events">Gets "console-failed" when the port cannot be used; the ME runs without console then.</param>
        public SerialConsole(BoardFile board, RunningMe me, IEventSink events)
        {
            _board = board;
            _me = me;
            _events = events;
        }

        /// <summary>
        /// Opens the port, if the board file names one, and from then on takes what has come; to be called every 100 ms or so. A
        /// thread of its own would be a kilobyte; so a command waits while the firmware joins a Wi-Fi network, 20 s at most.
        /// </summary>
        public void Poll()
        {
            if (_board.ConsolePort == null || _hasFailed)
            {
                return;
            }

            try
            {
                _port = _port ?? Open();
                Take();
            }
            catch (OutOfMemoryException)
            {
                // The next command may find more.
                _line = null;
                _length = 0;
            }
            catch (Exception failure)
            {
                _hasFailed = true;
                _events.Report(new MeEvent("console-failed").With("port", _board.ConsolePort).With("reason", Restart.Describe(failure)));
            }
        }

        private void Take()
        {
            int waiting = _port.BytesToRead;
            for (int taken = 0; waiting > 0 && taken < BufferOctets; taken += ChunkOctets)
            {
                // Reading what is there and no more returns at once, in every version of the driver.
                byte[] received = new byte[waiting < ChunkOctets ? waiting : ChunkOctets];
                int count = _port.Read(received, 0, received.Length);
                for (int i = 0; i < count; i++)
                {
                    Take(received[i]);
                }

                waiting = _port.BytesToRead;
            }
        }

        private SerialPort Open()
        {
            bool second = _board.ConsolePort == "COM2";
            PinConfiguration.SetPinFunction(_board.ConsoleTx, second ? DeviceFunction.COM2_TX : DeviceFunction.COM3_TX);
            PinConfiguration.SetPinFunction(_board.ConsoleRx, second ? DeviceFunction.COM2_RX : DeviceFunction.COM3_RX);
            SerialPort port = new SerialPort(_board.ConsolePort, _board.ConsoleBaud, Parity.None, 8, StopBits.One);
            port.ReadBufferSize = BufferOctets;
            port.Open();
            return port;
        }

        private void Take(byte octet)
        {
            if (octet == '\r' || octet == '\n')
            {
                TakeLine();
            }
            else if (_length < CommandConsole.MaxLineLength)
            {
                // A kilobyte that nobody needs while nobody types.
                _line = _line ?? new byte[CommandConsole.MaxLineLength];
                _line[_length++] = octet;
            }
            else
            {
                _length = CommandConsole.MaxLineLength + 1;
            }
        }

        private void TakeLine()
        {
            byte[] line = _line;
            int length = _length;
            _line = null;
            _length = 0;
            if (length > CommandConsole.MaxLineLength)
            {
                Write(CommandConsole.Failure("the line is too long; expected at most " + CommandConsole.MaxLineLength + " octets"));
            }
            else if (length > 0)
            {
                Write(_me.Ask(Octets.ToText(Octets.Slice(line, 0, length)), AskTimeoutMilliseconds));
            }
        }

        private void Write(string reply)
        {
            byte[] octets = Octets.FromText(reply + "\r\n");
            for (int sent = 0; sent < octets.Length; sent += ChunkOctets)
            {
                int count = octets.Length - sent < ChunkOctets ? octets.Length - sent : ChunkOctets;
                _port.Write(octets, sent, count);
                Thread.Sleep((count * BitsPerOctet * 1000 / _board.ConsoleBaud) + 1);
            }
        }
    }
}
