using MbmsMe.Crypto;

// Every test has ports, files and processes of its own and mostly waits for them; one class is one sequence.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.ClassLevel)]

namespace MbmsMe.Tests.Host;

/// <summary>What comes before all tests.</summary>
[TestClass]
public static class TestRun
{
    // Tests that compute hold their threads; the labs of the others must not wait until the pool makes up its mind to grow.
    private const int Threads = 64;

    [AssemblyInitialize]
    public static void Prepare(TestContext context)
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Threads), ports);

        // The core belongs to one thread, so the tables of its AES are made without a lock: here, before there are more.
        _ = new Aes128(new byte[Aes128.BlockSize]);
    }
}
