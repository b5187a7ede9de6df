using System.Diagnostics;

namespace MbmsMe.Tests.Flash;

/// <summary>What a PowerShell run left behind.</summary>
internal sealed record PowerShellRun(int ExitCode, string Output);

/// <summary>Runs PowerShell: the program, or the assembly pwsh.dll, that the variable PWSH names, else pwsh from the PATH.</summary>
internal static class PowerShellHost
{
    public static string Require()
    {
        string? named = Environment.GetEnvironmentVariable("PWSH");
        string? found = string.IsNullOrEmpty(named) ? FindOnPath() : named;

        if (found is null)
        {
            Assert.Inconclusive("flash.ps1 is not tested here: there is no pwsh on the PATH, and PWSH does not name one.");
        }

        return found!;
    }

    public static PowerShellRun Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The .NET tool is an assembly; its start script would run the dotnet of the PATH, which the tests replace by one of their own.
        string program = Require();
        bool isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        ProcessStartInfo start = new(isAssembly ? "dotnet" : program)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        if (isAssembly)
        {
            start.ArgumentList.Add(program);
        }

        foreach (string argument in (string[])["-NoLogo", "-NoProfile", "-NonInteractive", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (KeyValuePair<string, string> variable in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable.Key] = variable.Value;
        }

        // Without colours the texts can be compared.
        start.Environment["NO_COLOR"] = "1";
        start.Environment["TERM"] = "dumb";

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();

        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("PowerShell did not end within two minutes.");
        }

        return new PowerShellRun(process.ExitCode, output.Result + errors.Result);
    }

    private static string? FindOnPath()
    {
        string[] names = OperatingSystem.IsWindows() ? ["pwsh.exe", "powershell.exe"] : ["pwsh"];

        return (from name in names
                from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                let path = Path.Combine(folder, name)
                where File.Exists(path)
                select path).FirstOrDefault();
    }
}
