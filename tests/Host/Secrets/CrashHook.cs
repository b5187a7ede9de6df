using MbmsMe.Tests.Host;

/// <summary>What .NET calls in a program that is started with DOTNET_STARTUP_HOOKS naming this assembly; its name and place are .NET's.</summary>
internal static class StartupHook
{
    public static void Initialize() => CrashHook.Arm();
}

namespace MbmsMe.Tests.Host
{
    /// <summary>Makes a host ME crash while it works, without a word of that in the ME itself.</summary>
    internal static class CrashHook
    {
        public const string Exception = "exception";
        public const string FailFast = "fail-fast";
        public const string Message = "a crash that a test has asked for";

        private const string Variable = "MBMS_TEST_CRASH";
        private static readonly TimeSpan s_life = TimeSpan.FromSeconds(4);

        /// <summary>The environment of an ME that is to crash.</summary>
        public static (string Name, string Value)[] Environment(string how) =>
            [("DOTNET_STARTUP_HOOKS", typeof(CrashHook).Assembly.Location), (Variable, how)];

        /// <summary>Called in the ME.</summary>
        public static void Arm()
        {
            string? how = System.Environment.GetEnvironmentVariable(Variable);
            new Thread(() =>
            {
                Thread.Sleep(s_life);
                if (how == FailFast)
                {
                    System.Environment.FailFast(Message);
                }

                throw new InvalidOperationException(Message);
            })
            { IsBackground = true }.Start();
        }
    }
}
