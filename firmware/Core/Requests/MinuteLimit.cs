using System;

namespace MbmsMe.Requests
{
    /// <summary>At most so many of something in any minute.</summary>
    public sealed class MinuteLimit
    {
        private const int MinuteMilliseconds = 60000;
        private const int FirstLength = 4;

        private readonly int _perMinute;
        private long[] _times = new long[0]; // uptimes of the last ones; a ring once it is full, whose oldest is at _next
        private long _latest;
        private int _next;
        private bool _isFull;

        /// <summary>Makes it.</summary>
        /// <param name="perMinute">How many, 1 at least.</param>
        public MinuteLimit(int perMinute)
        {
            _perMinute = perMinute;
        }

        /// <summary>Uptime in milliseconds from which one more is allowed; 0 when it always was.</summary>
        public long AllowedAt
        {
            get { return _isFull ? _times[_next] + MinuteMilliseconds : 0; }
        }

        /// <summary>Counts one.</summary>
        /// <param name="now">Uptime in milliseconds.</param>
        public void Count(long now)
        {
            if (now - _latest > MinuteMilliseconds)
            {
                // None of them counts any more: so there is only room for as many as ever came close together.
                _next = 0;
                _isFull = false;
            }

            Reserve();
            _latest = now;
            _times[_next++] = now;
            if (_next == _perMinute)
            {
                _next = 0;
                _isFull = true;
            }
        }

        private void Reserve()
        {
            if (_next == _times.Length)
            {
                int length = _next < FirstLength ? FirstLength : 2 * _next;
                long[] longer = new long[length < _perMinute ? length : _perMinute];
                Array.Copy(_times, 0, longer, 0, _next);
                _times = longer;
            }
        }
    }
}
