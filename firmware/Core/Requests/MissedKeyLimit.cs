using System.Collections;
using MbmsMe.Machine;

namespace MbmsMe.Requests
{
    /// <summary>
    /// How often MTK messages may cause an MSK request: anyone can send one that names an unknown MSK (TS 33.246 clause
    /// 6.3.2.2.3). Each Key Group waits twice as long after every request that brought no new MSK, and longest while its
    /// content flows.
    /// </summary>
    internal sealed class MissedKeyLimit
    {
        private const int LongestFactor = 16;

        // The traffic plane tells of content once a second while it flows.
        private const int ContentMilliseconds = 5000;
        private readonly long _shortest;
        private readonly MinuteLimit _limit;
        private readonly ArrayList _waits = new ArrayList();

        /// <summary>Makes it.</summary>
        /// <param name="seconds">Seconds between two requests of one Key Group at least.</param>
        /// <param name="perMinute">Requests of all Key Groups in a minute at most.</param>
        public MissedKeyLimit(int seconds, int perMinute)
        {
            _shortest = 1000L * seconds;
            _limit = new MinuteLimit(perMinute);
        }

        /// <summary>True when a request for the Key Group may be made now; it counts as made.</summary>
        /// <param name="group">A Key Group that a service uses.</param>
        /// <param name="now">Uptime in milliseconds.</param>
        public bool TryAsk(KeyGroup group, long now)
        {
            Wait wait = Find(group);
            if (now < _limit.AllowedAt || (wait != null && now < wait.Until))
            {
                return false;
            }

            wait = wait ?? Add(group);
            long longest = _shortest * LongestFactor;
            if (now < wait.ContentUntil)
            {
                wait.Length = longest;
            }

            wait.Until = now + wait.Length;
            wait.Length = wait.Length * 2 < longest ? wait.Length * 2 : longest;
            _limit.Count(now);
            return true;
        }

        /// <summary>Authentic content of the Key Group flows.</summary>
        /// <param name="group">A Key Group that a service uses.</param>
        /// <param name="now">Uptime in milliseconds.</param>
        public void NoteContent(KeyGroup group, long now)
        {
            Wait wait = Find(group) ?? Add(group);
            wait.ContentUntil = now + ContentMilliseconds;
        }

        /// <summary>An MSK of the Key Group came that was not there before: the next request need not wait.</summary>
        public void Succeed(KeyGroup group)
        {
            Wait wait = Find(group);
            if (wait != null)
            {
                wait.Until = 0;
                wait.Length = _shortest;
            }
        }

        private Wait Add(KeyGroup group)
        {
            Wait wait = new Wait { Group = group, Length = _shortest };
            _waits.Add(wait);
            return wait;
        }

        private Wait Find(KeyGroup group)
        {
            for (int i = 0; i < _waits.Count; i++)
            {
                Wait wait = (Wait)_waits[i];
                if (wait.Group.Is(group))
                {
                    return wait;
                }
            }

            return null;
        }

        private sealed class Wait
        {
            public KeyGroup Group;
            public long Until;
            public long Length;
            public long ContentUntil;
        }
    }
}
