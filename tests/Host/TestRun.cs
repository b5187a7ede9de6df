using MbmsMe.Crypto;
using Microsoft.VisualStudio.TestTools.UnitTesting;

// Every test has ports, files and processes of its own and mostly waits for them; one class is one sequence.
[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.ClassLevel)]

namespace MbmsMe.Tests.Host;

/// <summary>What comes before all tests.</summary>
[TestClass]
public static class TestRun
{
    /// <summary>The core belongs to one thread, so the tables of its AES are made without a lock: here, before there are more.</summary>
    [AssemblyInitialize]
    public static void MakeTables(TestContext context) => _ = new Aes128(new byte[Aes128.BlockSize]);
}
