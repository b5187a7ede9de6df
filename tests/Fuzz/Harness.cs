using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;

namespace MbmsMe.Tests.Fuzz;

/// <summary>An input that a fuzzer starts from.</summary>
internal sealed record Seed(string Name, byte[] Input)
{
    public Seed(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }
}

/// <summary>Something that must never be otherwise was otherwise.</summary>
internal sealed class InvariantException(string message) : Exception(message)
{
}

/// <summary>Too many octets allocated or too much time taken.</summary>
internal sealed class LimitException(string message) : Exception(message)
{
}

/// <summary>
/// Gives one input to one part of the core and checks what must hold whatever the input. Every input finds the same
/// state. Exceptions mean a failure.
/// </summary>
internal abstract class Harness
{
    private const int MaxInput = 8192;
    private const int MaxMilliseconds = 1000;

    /// <summary>Name on the command line, and of the folder of its found cases.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the input's language, for afl-fuzz; none for octets.</summary>
    public virtual string[] Dictionary => [];

    /// <summary>Inputs that reach deep.</summary>
    public abstract IEnumerable<Seed> Seeds();

    /// <summary>Inputs so far that the part under test took as good: shows that the seeds do not all bounce.</summary>
    public long Accepted { get; protected set; }

    /// <summary>Octets allocated for one input at most, and how many the limit would have allowed.</summary>
    public (long Octets, long Limit) MostAllocated { get; private set; }

    /// <summary>Tests one input.</summary>
    public void Run(byte[] input)
    {
        if (input.Length > MaxInput)
        {
            return;
        }

        try
        {
            Test(input);
        }
        catch (LimitException)
        {
            // The first time around, types load and the JIT is busy. What is wrong is so the second time, too.
            Test(input);
        }
    }

    /// <summary>Throws when anything is wrong.</summary>
    protected abstract void Test(byte[] input);

    /// <summary>Runs a part of the core within bounds.</summary>
    protected void Bounded(long maxAllocation, Action act)
    {
        long start = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (allocated > maxAllocation)
        {
            throw new LimitException($"{Name}: {allocated} octets allocated, {maxAllocation} allowed");
        }

        if (milliseconds > MaxMilliseconds)
        {
            throw new LimitException($"{Name}: took {milliseconds:F0} ms, {MaxMilliseconds} allowed");
        }

        if (allocated * Math.Max(MostAllocated.Limit, 1) > MostAllocated.Octets * Math.Max(maxAllocation, 1))
        {
            MostAllocated = (allocated, maxAllocation);
        }
    }

    internal static void Require(bool holds, string invariant)
    {
        if (!holds)
        {
            throw new InvariantException(invariant);
        }
    }
}
