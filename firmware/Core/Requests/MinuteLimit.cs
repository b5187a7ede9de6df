namespace MbmsMe.Requests
{
    /// <summary>At most so many of something in any minute.</summary>
    public sealed class MinuteLimit
    {
        private const int MinuteMilliseconds = 60000;

        private readonly long[] _times; // uptimes of the last ones, a ring; the oldest is at _next once it is full
        private int _next;
        private bool _isFull;

        /// <summary>Makes it.</summary>
        /// <param name="perMinute">How many, 1 at least.</param>
        public MinuteLimit(int perMinute)
        {
            _times = new long[perMinute];
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
            _times[_next++] = now;
            if (_next == _times.Length)
            {
                _next = 0;
                _isFull = true;
            }
        }
    }
}
