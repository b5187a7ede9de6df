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

        // Reading what is there and no more returns at once, in every version of the driver.
        private const int PollMilliseconds = 100;

        // What fits into the UART's FIFO. For more the driver keeps a pointer into the managed heap while other threads run.
        private const int ChunkOctets = 96;
        private const int BitsPerOctet = 10;

        private readonly BoardFile _board;
        private readonly RunningMe _me;
        private readonly IEventSink _events;
        private byte[] _line;
        private int _length;

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

        /// <summary>Starts listening, if the board file names a port.</summary>
        public void Start()
        {
            if (_board.ConsolePort != null)
            {
                new Thread(Listen).Start();
            }
        }

        private void Listen()
        {
            try
            {
                SerialPort port = Open();
                _line = new byte[CommandConsole.MaxLineLength];
                byte[] received = new byte[ChunkOctets];
                while (true)
                {
                    int waiting = port.BytesToRead;
                    if (waiting == 0)
                    {
                        Thread.Sleep(PollMilliseconds);
                        continue;
                    }

                    int count = port.Read(received, 0, waiting < received.Length ? waiting : received.Length);
                    for (int i = 0; i < count; i++)
                    {
                        Take(port, received[i]);
                    }
                }
            }
            catch (Exception failure)
            {
                _events.Report(new MeEvent("console-failed").With("port", _board.ConsolePort).With("reason", Restart.Describe(failure)));
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

        private void Take(SerialPort port, byte octet)
        {
            if (octet == '\r' || octet == '\n')
            {
                int length = _length;
                _length = 0;
                if (length > _line.Length)
                {
                    Write(port, CommandConsole.Failure("the line is too long; expected at most " + _line.Length + " octets"));
                }
                else if (length > 0)
                {
                    Write(port, _me.Ask(Octets.ToText(Octets.Slice(_line, 0, length)), AskTimeoutMilliseconds));
                }
            }
            else if (_length < _line.Length)
            {
                _line[_length++] = octet;
            }
            else
            {
                _length = _line.Length + 1;
            }
        }

        private void Write(SerialPort port, string reply)
        {
            byte[] octets = Octets.FromText(reply + "\r\n");
            for (int sent = 0; sent < octets.Length; sent += ChunkOctets)
            {
                int count = octets.Length - sent < ChunkOctets ? octets.Length - sent : ChunkOctets;
                port.Write(octets, sent, count);
                Thread.Sleep((count * BitsPerOctet * 1000 / _board.ConsoleBaud) + 1);
            }
        }
    }
}
