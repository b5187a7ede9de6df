using System.Text.Json;

namespace MbmsMe.Tests.Flash;

/// <summary>
/// A folder with a stand-in nanoff first on the PATH, a provisioning file and an application image.
/// The stand-in records every call and plays the answer prepared for it.
/// </summary>
internal sealed class FlashBench : IDisposable
{
    public const string Password = "not-to-be-shown-1";
    public const string Key = "465b5ce8b199b49faa5f0a2ee238a6bc";
    public const string Port = "/dev/ttyUSB7";

    private const string StandIn = """
        #!/bin/sh
        here=$(dirname "$0")
        case " $* " in
          *" --update "*) call=update ;;
          *" --deploy "*) call=deploy ;;
          *" --networkdeployment "*) call=wifi ;;
          *" --filedeployment "*) call=files ;;
          *" --nanodevice "*) call=readback ;;
          *) call=chip ;;
        esac
        for argument; do printf '%s\n' "$argument"; done >> "$here/calls"
        echo end-of-call >> "$here/calls"
        case $call in
          wifi|files) cp "$2" "$here/seen-$call.json"; ls -ld "$(dirname "$2")" > "$here/seen-mode" ;;
        esac
        times=$(($(cat "$here/$call.times" 2>/dev/null || echo 0) + 1))
        echo $times > "$here/$call.times"
        answer=$here/$call
        [ -f "$answer.$times.code" ] && answer=$answer.$times
        cat "$answer.out"
        exit "$(cat "$answer.code")"

        """;

    // Installs a nanoff the way the .NET SDK does: into a folder of the home directory that is not on the PATH.
    private const string StandInDotnet = """
        #!/bin/sh
        here=$(dirname "$0")
        printf '%s\n' "$@" > "$here/dotnet-call"
        [ -f "$here/nanoff.parked" ] || exit 1
        mkdir -p "$HOME/.dotnet/tools"
        printf '#!/bin/sh\nexec "%s/nanoff.parked" "$@"\n' "$here" > "$HOME/.dotnet/tools/nanoff"
        chmod +x "$HOME/.dotnet/tools/nanoff"

        """;

    private readonly string _tools;
    private readonly string _temp;

    public FlashBench()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("flash.ps1 is not tested here: the stand-in nanoff is a shell script, for Linux and macOS.");
        }

        Folder = Directory.CreateTempSubdirectory("mbmsme-bench-").FullName;
        _tools = Directory.CreateDirectory(Path.Combine(Folder, "tools")).FullName;
        _temp = Directory.CreateDirectory(Path.Combine(Folder, "temp")).FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "home"));

        WriteProgram("nanoff", StandIn);
        Answer("chip", Chip("ESP32", "ESP32-D0WD-V3 (revision v3.1)", 4));
        Answer("update", "Flash write complete.");
        Answer("deploy", "Writing at 0x001E0000 [====>     ]  45.3% 1024/2048 bytes...\rHash of data verified.");
        Answer("wifi", "Updating wireless configuration...OK");
        Answer("files", "Deploying file me.json to I:\\me.json...OK");
        Answer("readback", Assemblies("mscorlib", "MbmsMe.Core", "MbmsMe.App"));

        Image = WriteFile("MbmsMe.App.bin", "NFMRK2");
        Config = Path.Combine(Folder, "me.json");
        File.Copy(Path.Combine(Repository.Boards, "me.sample.json"), Config);
    }

    public string Folder { get; }

    public string Image { get; }

    public string Config { get; }

    /// <summary>The arguments of every call of nanoff so far, in order.</summary>
    public string[] Calls => File.Exists(Path.Combine(_tools, "calls"))
        ? [.. File.ReadAllText(Path.Combine(_tools, "calls")).Split("end-of-call\n")[..^1].Select(call => string.Join(' ', call.Split('\n')[..^1]))]
        : [];

    /// <summary>The access rights of the folder the temporary files were in.</summary>
    public string SeenMode => File.ReadAllText(Path.Combine(_tools, "seen-mode"))[..10];

    /// <summary>The arguments of the call of dotnet.</summary>
    public string DotnetCall => string.Join(' ', File.ReadAllLines(Path.Combine(_tools, "dotnet-call")));

    /// <summary>What nanoff --devicedetails prints about a chip.</summary>
    public static string Chip(string type, string name, int flashMegabytes) => $"""
        .NET nanoFramework Firmware Flasher v2.5.162+0000000000
        Reading details from chip...OK

        Connected to:
        {type} ({name})
        Features WiFi, BT, Dual Core, 240MHz
        Flash size {flashMegabytes}MB unknown from  (manufacturer 0xC8 device 0x4016)
        PSRAM: undetermined
        Crystal 40MHz
        MAC 24:6F:28:00:00:01

        """;

    /// <summary>What nanoff --nanodevice --devicedetails prints about the assemblies on the board.</summary>
    public static string Assemblies(params string[] names) => $"""
        HAL build info: nanoCLR running @ ESP32
          Target:   ESP32_REV0
          Platform: ESP32

        Assemblies:
        {string.Join('\n', names.Select(name => $"  {name}, 1.0.0.0"))}

        Native Assemblies:
          mscorlib v100.5.0.24, checksum 0x00000000

        """;

    /// <summary>Prepares what nanoff says to a call (chip, update, deploy, wifi, files, readback), and the code it ends with.</summary>
    public void Answer(string call, string output, int code = 0)
    {
        File.WriteAllText(Path.Combine(_tools, call + ".out"), output + "\n");
        File.WriteAllText(Path.Combine(_tools, call + ".code"), (code % 256).ToString());
    }

    /// <summary>The document nanoff was handed in the call.</summary>
    public JsonElement Seen(string call) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_tools, $"seen-{call}.json"))).RootElement;

    /// <summary>Takes nanoff off the PATH and puts a stand-in dotnet there, which can install it or not.</summary>
    public void Uninstall(bool installable)
    {
        if (installable)
        {
            File.Move(Path.Combine(_tools, "nanoff"), Path.Combine(_tools, "nanoff.parked"));
        }
        else
        {
            File.Delete(Path.Combine(_tools, "nanoff"));
        }

        WriteProgram("dotnet", StandInDotnet);
    }

    public string WriteFile(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs flash.ps1 for this bench's board files.</summary>
    public PowerShellRun Flash(string board, params string[] more) =>
        Run(["-Board", board, "-Port", Port, "-Config", Config, "-Image", Image, .. more]);

    /// <summary>Runs flash.ps1; whatever it does, it shows no secret and leaves no temporary file.</summary>
    public PowerShellRun Run(params string[] arguments)
    {
        PowerShellRun run = PowerShellHost.Run(["-File", Repository.Script, .. arguments], new Dictionary<string, string>
        {
            ["PATH"] = $"{_tools}:/usr/bin:/bin",
            ["HOME"] = Path.Combine(Folder, "home"),
            ["TMPDIR"] = _temp,
        });

        Assert.DoesNotContain(Password, run.Output);
        Assert.DoesNotContain(Key, run.Output);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_temp, "mbmsme-*"));
        return run;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void WriteProgram(string name, string text)
    {
        string path = Path.Combine(_tools, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
