using MbmsMe.Requests;

namespace MbmsMe.Tests
{
    /// <summary>The limit beside one that remembers every time.</summary>
    [TestClass]
    public class MinuteLimitTests
    {
        private const int Minute = 60000;

        [TestMethod]
        public void OneInAMinute()
        {
            Holds(1);
        }

        [TestMethod]
        public void SomeInAMinute()
        {
            Holds(7);
        }

        [TestMethod]
        public void ManyInAMinute()
        {
            Holds(100);
        }

        // Bursts up to the limit and beyond it, and pauses about a minute long.
        private static void Holds(int perMinute)
        {
            MinuteLimit limit = new MinuteLimit(perMinute);
            long[] counted = new long[400];
            int count = 0;
            long now = 0;
            uint random = 1;
            while (count < counted.Length)
            {
                random = (random * 1103515245) + 12345;
                int draw = (int)((random >> 16) & 0xFF);
                now += draw < 20 ? Minute + draw - 10 : draw * 9;
                long allowedAt = count < perMinute ? 0 : counted[count - perMinute] + Minute;
                if (allowedAt > now)
                {
                    Assert.IsTrue(limit.AllowedAt == allowedAt, "after " + count);
                    now = allowedAt;
                }

                Assert.IsTrue(limit.AllowedAt <= now, "after " + count);

                limit.Count(now);
                counted[count++] = now;
            }
        }
    }
}
