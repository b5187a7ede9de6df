using System.ComponentModel;
using System.Diagnostics;

namespace MbmsMe.Tests.Host;

/// <summary>A program written by others that reads the same octets or computes the same keys.</summary>
/// <param name="name">Its command.</param>
/// <param name="package">The Debian package that has it.</param>
internal sealed class Tool(string name, string package)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>Ends the test here where the program is not installed: before others wrap the exception that says so.</summary>
    public void Require() => Start([]).Dispose();

    /// <summary>Runs it and returns its standard output.</summary>
    public string Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_timeout))
        {
            process.Kill();
            Assert.Fail($"{name} did not end within {s_timeout.TotalSeconds} s");
        }

        Assert.AreEqual(0, process.ExitCode, $"{name}: {errors.Result}");
        return output.Result;
    }

    /// <summary>Where it is not installed a test says so; only in CI, which installs it, that is a failure.</summary>
    private Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception) when (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            throw new AssertInconclusiveException($"{name} is not installed: apt-get install {package}");
        }
        catch (Win32Exception)
        {
            throw new AssertFailedException($"{name} is not installed although this is CI: apt-get install {package}");
        }
    }
}
