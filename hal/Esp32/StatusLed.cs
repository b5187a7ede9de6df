using System;
using System.Device.Gpio;
using System.Threading;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>The status LED: a plain one on a GPIO pin, or none.</summary>
    public sealed class StatusLed
    {
        /// <summary>Milliseconds of one step of a pattern.</summary>
        public const int StepMilliseconds = 125;

        private const int Steps = 16;

        private readonly GpioPin _pin;
        private readonly bool _activeLow;
        private Timer _timer;
        private int _pattern = (int)LedPattern.Joining;
        private int _step;

        /// <summary>Lights the LED that the board file names; without one, does nothing.</summary>
        /// <param name="board">The board file.</param>
        /// <param name="events">Gets "led-failed" when the pin cannot be used; the ME runs without LED then.</param>
        public StatusLed(BoardFile board, IEventSink events)
        {
            if (board.LedPin < 0)
            {
                return;
            }

            try
            {
                _activeLow = board.LedActiveLow;
                _pin = new GpioController().OpenPin(board.LedPin, PinMode.Output);
                _timer = new Timer(Step, null, 0, StepMilliseconds);
            }
            catch (Exception failure)
            {
                events.Report(new MeEvent("led-failed").With("pin", board.LedPin).With("reason", Restart.Describe(failure)));
            }
        }

        /// <summary>Sets the pattern from the next step on.</summary>
        public void Show(LedPattern pattern)
        {
            _pattern = (int)pattern;
        }

        private void Step(object state)
        {
            bool on = ((_pattern >> _step) & 1) != 0;
            _step = (_step + 1) % Steps;
            _pin.Write(on != _activeLow ? PinValue.High : PinValue.Low);
        }
    }
}
