namespace MbmsMe.Tests.Flash;

/// <summary>flash.ps1 must also run in Windows PowerShell 5.1, which is not at hand here: what 5.1 lacks is looked for in the script.</summary>
[TestClass]
public sealed class FlashScriptSourceTests
{
    // Prints, for each script, one line for everything in it that Windows PowerShell 5.1 does not know.
    private const string Inspector = """
        param([string] $Folder)
        $kinds = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionMark', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean'
        $variables = '$IsWindows', '$IsLinux', '$IsMacOS', '$IsCoreCLR'
        $commands = 'Test-Json', 'Get-Error', 'Get-Uptime', 'Join-String', 'Remove-Service', 'Show-Markdown', 'ConvertFrom-Markdown'
        $parameters = '-AsHashtable', '-AsByteStream', '-Parallel', '-AdditionalChildPath', '-AsUTC', '-NoEnumerate', '-EscapeHandling', '-SkipHttpErrorCheck', '-Environment'
        foreach ($file in Get-ChildItem -LiteralPath $Folder -Filter '*.script') {
            $tokens = $null; $errors = $null
            $ast = [Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $tokens, [ref] $errors)
            foreach ($e in $errors) { "$($file.BaseName): syntax error: $($e.Message)" }
            foreach ($token in $tokens) {
                if ($kinds -contains $token.Kind -or $variables -contains $token.Text -or $commands -contains $token.Text -or $parameters -contains $token.Text) {
                    "$($file.BaseName): line $($token.Extent.StartLineNumber): $($token.Text)"
                }
            }
            foreach ($join in $ast.FindAll({ param($node) $node -is [Management.Automation.Language.CommandAst] -and $node.GetCommandName() -eq 'Join-Path' }, $true)) {
                if ($join.CommandElements.Count -ne 3) { "$($file.BaseName): line $($join.Extent.StartLineNumber): Join-Path with other than two arguments" }
            }
        }
        """;

    private static readonly string[] s_plantedViolations =
    [
        "$a = $b ?? 1",
        "$a ??= 1",
        "$a = $b ? 1 : 2",
        "${a}?.Length",
        "${a}?[0]",
        "git fetch && git status",
        "git fetch || exit 1",
        "Join-Path a b c",
        "if ($IsWindows) { 1 }",
        "1..3 | ForEach-Object -Parallel { $_ }",
        "'{}' | ConvertFrom-Json -AsHashtable",
        "Get-Content x -AsByteStream",
        "'{}' | Test-Json",
        "if (",
    ];

    [TestMethod]
    public void IsPlainAscii()
    {
        // Windows PowerShell 5.1 reads a file without byte order mark in the machine's code page.
        byte[] octets = File.ReadAllBytes(Repository.Script);

        Assert.IsTrue(octets.All(octet => octet is >= 0x20 and < 0x7F or (byte)'\n' or (byte)'\r'));
    }

    [TestMethod]
    public void UsesNothingThatWindowsPowerShellLacks() => Assert.AreEqual("", Inspect([File.ReadAllText(Repository.Script)]));

    [TestMethod]
    public void FindsEveryPlantedViolation()
    {
        string findings = Inspect(s_plantedViolations);

        for (int i = 0; i < s_plantedViolations.Length; i++)
        {
            Assert.Contains($"{i:D2}: ", findings, s_plantedViolations[i]);
        }
    }

    private static string Inspect(string[] scripts)
    {
        string folder = Directory.CreateTempSubdirectory("mbmsme-inspect-").FullName;

        try
        {
            for (int i = 0; i < scripts.Length; i++)
            {
                File.WriteAllText(Path.Combine(folder, $"{i:D2}.script"), scripts[i]);
            }

            string inspector = Path.Combine(folder, "inspector.ps1");
            File.WriteAllText(inspector, Inspector);
            PowerShellRun run = PowerShellHost.Run(["-File", inspector, folder]);
            Assert.AreEqual(0, run.ExitCode, run.Output);
            return run.Output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
