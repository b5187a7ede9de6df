using System.Text.Json;

namespace MbmsMe.Tests.Flash;

/// <summary>flash.ps1 under PowerShell, with a stand-in nanoff: command lines, exit codes, what it tells the user.</summary>
[TestClass]
public sealed class FlashScriptTests
{
    private const string ChipCall = $"--platform esp32 --serialport {FlashBench.Port} --devicedetails";
    private const string ReadBackCall = $"--nanodevice --devicedetails --serialport {FlashBench.Port}";

    private FlashBench _bench = null!;

    [TestInitialize]
    public void SetUp()
    {
        PowerShellHost.Require();
        _bench = new FlashBench();
    }

    [TestCleanup]
    public void TearDown() => _bench?.Dispose();

    [TestMethod]
    public void FlashesFirmwareApplicationAndProvisioningInThisOrder()
    {
        PowerShellRun run = _bench.Flash("esp32-devkitc");

        AssertExit(0, run, "the application is on", "921600 baud", "configuration-wrong");
        AssertCalls(
            ChipCall,
            $"--update --target ESP32_REV0 --serialport {FlashBench.Port} --verbosity minimal",
            $"--target ESP32_REV0 --serialport {FlashBench.Port} --deploy --image {_bench.Image} --address 0x1E0000",
            $"--filedeployment {FilesPath()}",
            ChipCall,
            ReadBackCall);

        JsonElement files = _bench.Seen("files");
        Assert.AreEqual(FlashBench.Port, files.GetProperty("SerialPort").GetString());
        Assert.AreEqual(2, files.GetProperty("Files").GetArrayLength());
        Assert.AreEqual(@"I:\me.json", files.GetProperty("Files")[0].GetProperty("DestinationFilePath").GetString());
        Assert.AreEqual(_bench.Config, files.GetProperty("Files")[0].GetProperty("SourceFilePath").GetString());
        Assert.AreEqual(@"I:\board.json", files.GetProperty("Files")[1].GetProperty("DestinationFilePath").GetString());
        StringAssert.EndsWith(files.GetProperty("Files")[1].GetProperty("SourceFilePath").GetString(), Path.Combine("boards", "esp32-devkitc.json"));
    }

    [TestMethod]
    public void ShowsEachStepWithItsNumber()
    {
        string output = _bench.Flash("esp32-devkitc").Output;

        for (int step = 1; step <= 6; step++)
        {
            Assert.Contains($"[{step}/6] ", output);
        }

        Assert.Contains("ESP32 (ESP32-D0WD-V3 (revision v3.1)), 4 MB flash", output);
    }

    [TestMethod]
    public void SetsWifiThroughAPrivateTemporaryFile()
    {
        PowerShellRun run = _bench.Flash("esp32-devkitc", "-WifiSsid", "lab net", "-WifiPassword", FlashBench.Password);

        AssertExit(0, run);
        Assert.HasCount(7, _bench.Calls);
        Assert.StartsWith("--networkdeployment ", _bench.Calls[3]);
        Assert.StartsWith("--filedeployment ", _bench.Calls[4]);
        Assert.AreEqual("drwx------", _bench.SeenMode);

        JsonElement wifi = _bench.Seen("wifi");
        Assert.AreEqual(FlashBench.Port, wifi.GetProperty("SerialPort").GetString());
        Assert.AreEqual("lab net", wifi.GetProperty("WirelessClient").GetProperty("Ssid").GetString());
        Assert.AreEqual(FlashBench.Password, wifi.GetProperty("WirelessClient").GetProperty("Password").GetString());
        Assert.AreEqual("AutoConnect", wifi.GetProperty("WirelessClient").GetProperty("ConfigurationOption").GetString());
    }

    [TestMethod]
    public void UsesTargetAndDeployAddressOfTheBoard()
    {
        _bench.Answer("chip", FlashBench.Chip("ESP32-S3", "ESP32-S3 (QFN56) (revision v0.2)", 8));

        AssertExit(0, _bench.Flash("esp32-s3-devkitc-1"));
        Assert.Contains("--target ESP32_S3_OCTAL", _bench.Calls[1]);
        Assert.Contains("--address 0x1B0000", _bench.Calls[2]);
    }

    [TestMethod]
    public void ErasesAndPinsTheFirmwareOnRequest()
    {
        AssertExit(0, _bench.Flash("esp32-devkitc", "-Erase", "-FirmwareVersion", "1.17.0.339"));
        Assert.AreEqual(
            $"--update --target ESP32_REV0 --serialport {FlashBench.Port} --fwversion 1.17.0.339 --masserase --verbosity minimal",
            _bench.Calls[1]);
    }

    [TestMethod]
    public void LeavesTheFirmwareOnRequest()
    {
        AssertExit(0, _bench.Flash("esp32-devkitc", "-SkipFirmware"));
        AssertCalls(
            ChipCall,
            $"--target ESP32_REV0 --serialport {FlashBench.Port} --deploy --image {_bench.Image} --address 0x1E0000",
            $"--filedeployment {FilesPath()}",
            ChipCall,
            ReadBackCall);
    }

    [TestMethod]
    public void WhatIfPrintsTheCommandLinesAndTouchesNothing()
    {
        string image = _bench.WriteFile("an app.bin", "NFMRK2");
        PowerShellRun run = _bench.Run(
            "-Board", "esp32-wrover", "-Port", FlashBench.Port, "-Config", _bench.Config, "-Image", image,
            "-WifiSsid", "lab", "-WifiPassword", FlashBench.Password, "-FirmwareVersion", "1.17.0.339", "-Erase", "-WhatIf");

        AssertExit(0, run);
        AssertCalls();

        string[] lines = [.. run.Output.Split('\n').Where(line => line.StartsWith("nanoff ", StringComparison.Ordinal))];
        Assert.HasCount(7, lines);
        Assert.AreEqual("nanoff " + ChipCall, lines[0]);
        Assert.AreEqual($"nanoff --update --target ESP32_PSRAM_REV3 --serialport {FlashBench.Port} --fwversion 1.17.0.339 --masserase --verbosity minimal", lines[1]);
        Assert.AreEqual($"nanoff --target ESP32_PSRAM_REV3 --serialport {FlashBench.Port} --deploy --image \"{image}\" --address 0x1E0000", lines[2]);
        Assert.MatchesRegex("^nanoff --networkdeployment /.*/wifi.json$", lines[3]);
        Assert.MatchesRegex("^nanoff --filedeployment /.*/files.json$", lines[4]);
        Assert.AreEqual(lines[0], lines[5]);
        Assert.AreEqual("nanoff " + ReadBackCall, lines[6]);
        Assert.Contains("\"Password\":\"***\"", run.Output);
        Assert.Contains(@"""DestinationFilePath"":""I:\\me.json""", run.Output);
    }

    [TestMethod]
    public void WhatIfDoesNotInstallNanoff()
    {
        _bench.Uninstall(installable: true);

        PowerShellRun run = _bench.Flash("esp32-devkitc", "-WhatIf");

        AssertExit(0, run, "dotnet tool install --global nanoff --version 2.5.");
        Assert.IsFalse(File.Exists(Path.Combine(_bench.Folder, "tools", "dotnet-call")));
        AssertCalls();
    }

    [TestMethod]
    public void InstallsNanoffWhenItIsMissing()
    {
        _bench.Uninstall(installable: true);

        AssertExit(0, _bench.Flash("esp32-devkitc"));
        Assert.MatchesRegex(@"^tool install --global nanoff --version 2\.5\.\d+$", _bench.DotnetCall);
        Assert.HasCount(6, _bench.Calls);
    }

    [TestMethod]
    public void SaysWhatToDoWhenNanoffCannotBeInstalled()
    {
        _bench.Uninstall(installable: false);

        AssertExit(4, _bench.Flash("esp32-devkitc"), "could not be installed", "dotnet tool install --global nanoff");
    }

    [TestMethod]
    public void ListsBoardsAndPorts()
    {
        PowerShellRun run = _bench.Run("-List");

        AssertExit(0, run, "Serial ports: ");

        foreach (string board in Directory.GetFiles(Repository.Boards, "esp*.json"))
        {
            Assert.Contains(Path.GetFileNameWithoutExtension(board), run.Output);
        }

        AssertCalls();
    }

    [TestMethod]
    public void GetHelpShowsExitCodesAndExamples()
    {
        PowerShellRun run = PowerShellHost.Run(["-Command", $"Get-Help '{Repository.Script}' -Full | Out-String -Width 300"]);

        AssertExit(0, run, "-WifiPassword", "11 the application is not on the board", "-Board esp32-devkitc -Port COM5");
    }

    [TestMethod]
    [DataRow("Error E4005: Failed to open specified COM port.", 4005, 5, "no such port", DisplayName = "wrong port")]
    [DataRow("Access to the path 'COM7' is denied.\nError E4005: Failed to open specified COM port.", 4005, 5, "in use", DisplayName = "port busy on Windows")]
    [DataRow("Error E4000: (Unable to open serial port /dev/ttyUSB7: Access to the port '/dev/ttyUSB7' is denied.)", 4000, 5, "dialout", DisplayName = "no permission on Linux")]
    [DataRow("Error E6002: Couldn't access serial device.", 6002, 5, "Close whatever else uses", DisplayName = "port held by another nanoFramework tool")]
    [DataRow("*** Hold down the BOOT/FLASH button in ESP32 board ***\nError E4000: (Failed to connect to ESP32 bootloader. No sync response received.)", 4000, 6, "Hold Boot, tap EN", DisplayName = "no boot button")]
    [DataRow("Error E9000: Invalid or missing arguments.", 9000, 4, "nanoff 2.5", DisplayName = "nanoff 3")]
    [DataRow("You must install .NET to run this application.", 134, 4, "nanoff itself failed (exit code 134)", DisplayName = "nanoff does not start")]
    public void StopsBeforeWritingWhenTheBoardCannotBeReached(string says, int code, int exitCode, string told)
    {
        _bench.Answer("chip", says, code);

        AssertExit(exitCode, _bench.Flash("esp32-devkitc"), told);
        AssertCalls(ChipCall);
    }

    [TestMethod]
    [DataRow("esp32-devkitc", "ESP32-S3", "ESP32-S3 (QFN56) (revision v0.2)", 8, "This is an ESP32-S3; esp32-devkitc has an ESP32.", DisplayName = "wrong chip")]
    [DataRow("esp32-s3-devkitc-1", "ESP32", "ESP32-D0WD-V3 (revision v3.1)", 8, "This is an ESP32; esp32-s3-devkitc-1 has an ESP32-S3.", DisplayName = "wrong chip, the other way")]
    [DataRow("esp32-wrover", "ESP32", "ESP32-D0WD (revision v1.0)", 4, "use the board esp-wrover-kit", DisplayName = "silicon too old for the target")]
    [DataRow("esp32-devkitc", "ESP32", "ESP32-D0WD-V3 (revision v3.1)", 2, "This board has 2 MB flash; esp32-devkitc has 4 MB.", DisplayName = "flash too small")]
    public void StopsBeforeWritingToAnotherBoard(string board, string chip, string name, int flashMegabytes, string told)
    {
        _bench.Answer("chip", FlashBench.Chip(chip, name, flashMegabytes));

        AssertExit(7, _bench.Flash(board), told);
        AssertCalls(ChipCall);
    }

    [TestMethod]
    [DataRow("update", "E9005", 9005, 8, 2, "could not be downloaded", DisplayName = "unknown firmware")]
    [DataRow("update", "E9007", 9007, 8, 2, "network connection", DisplayName = "no network")]
    [DataRow("update", "E4000", 4000, 9, 2, "Writing the flash failed (firmware, nanoff E4000)", DisplayName = "firmware not written")]
    [DataRow("deploy", "Error E4000: (MD5 of file does not match data in flash.)", 4000, 9, 3, "verification failed", DisplayName = "verification failed")]
    [DataRow("deploy", "Error E4000: (Failed to connect to ESP32 bootloader.)", 4000, 6, 3, "Hold Boot, tap EN", DisplayName = "board lost before the application")]
    [DataRow("deploy", "Error E4003: Failed to write new firmware to ESP32.", 4003, 9, 3, "-Erase", DisplayName = "application not written")]
    [DataRow("wifi", "Error E2003: Error executing file deployment on nano device.", 2003, 10, 4, "(Wi-Fi)", DisplayName = "Wi-Fi refused")]
    [DataRow("files", "Error deploying content file me.json to I:\\me.json", 0, 10, 5, "(me.json)", DisplayName = "file refused, though nanoff ends with 0")]
    public void StopsAtTheStepThatFails(string step, string says, int code, int exitCode, int calls, string told)
    {
        _bench.Answer(step, says, code);

        AssertExit(exitCode, _bench.Flash("esp32-devkitc", "-WifiSsid", "lab", "-WifiPassword", FlashBench.Password), told);
        Assert.HasCount(calls, _bench.Calls);
    }

    [TestMethod]
    public void FailsWhenTheApplicationIsNotListed()
    {
        _bench.Answer("readback", FlashBench.Assemblies("mscorlib", "MbmsMe.Core"));

        AssertExit(11, _bench.Flash("esp32-devkitc"), "MbmsMe.App is not on it", "-FirmwareVersion");
    }

    [TestMethod]
    public void AnAssemblyWithALongerNameDoesNotCount()
    {
        _bench.Answer("readback", FlashBench.Assemblies("MbmsMe.App", "MbmsMe.Core.Extra"));

        AssertExit(11, _bench.Flash("esp32-devkitc"), "MbmsMe.Core is not on it");
    }

    [TestMethod]
    public void AsksAgainWhileTheBoardIsStarting()
    {
        _bench.Answer("readback.1", "Error E2001: (Couldn't connect to specified nano device.)", 2001);

        AssertExit(0, _bench.Flash("esp32-devkitc"));
        Assert.AreEqual(2, _bench.Calls.Count(call => call == ReadBackCall));
    }

    [TestMethod]
    public void ABoardThatCannotBeRestartedIsLeftToTheUser()
    {
        _bench.Answer("chip.2", "Error E4000: (Failed to connect to ESP32 bootloader.)", 4000);

        AssertExit(0, _bench.Flash("esp32-devkitc"), "tap EN on the board now");
    }

    [TestMethod]
    [DataRow("""{ "uicc": { "k": "465b5ce8b199b49faa5f0a2ee238a6bc" }, }""", "not valid JSON (line 1)", DisplayName = "trailing comma")]
    [DataRow("{\n\"uicc\": { \"k\": 465b5ce8b199b49faa5f0a2ee238a6bc } }", "not valid JSON (line 2)", DisplayName = "key without quotes")]
    [DataRow("""{ "uicc": {}, "bsf": {}, "bmsc": {}, "services": [], "backoff": {} }""", "lacks mikey, storage", DisplayName = "keys missing")]
    [DataRow("""{ "UICC": {}, "bsf": {}, "bmsc": {}, "mikey": {}, "services": [], "backoff": {}, "storage": {} }""", "lacks uicc", DisplayName = "key in capitals")]
    [DataRow("[]", "lacks uicc, bsf", DisplayName = "not an object")]
    [DataRow("", "not valid JSON", DisplayName = "empty")]
    [DataRow("\uFEFF{}", "byte order mark", DisplayName = "byte order mark")]
    public void ChecksTheProvisioningBeforeItTouchesTheBoard(string json, string told)
    {
        File.WriteAllText(_bench.Config, json);

        AssertExit(2, _bench.Flash("esp32-devkitc"), told);
        AssertCalls();
    }

    [TestMethod]
    [DataRow(2, "No board.", "Boards: esp-wrover-kit, esp32-devkitc", DisplayName = "no board")]
    [DataRow(2, "There is no board 'esp32-nothing'", "esp32-devkitc", "-Board", "esp32-nothing", DisplayName = "unknown board")]
    [DataRow(2, "There is no board '../me'", "Boards: ", "-Board", "../me", DisplayName = "a path is no board")]
    [DataRow(2, "No serial port", "-Port names it", "-Board", "esp32-devkitc", DisplayName = "no port")]
    [DataRow(2, "No provisioning file", "me.sample.json", "-Board", "esp32-devkitc", "-Port", "COM5", DisplayName = "no provisioning")]
    [DataRow(2, "There is no file nowhere.json", "Check -Config", "-Board", "esp32-devkitc", "-Port", "COM5", "-Config", "nowhere.json", DisplayName = "provisioning not found")]
    [DataRow(2, "-SkipFirmware cannot go with", "leave -SkipFirmware out", "-Board", "esp32-devkitc", "-Port", "COM5", "-SkipFirmware", "-Erase", DisplayName = "erase without firmware")]
    [DataRow(2, "-WifiPassword without -WifiSsid", "Give both", "-Board", "esp32-devkitc", "-Port", "COM5", "-WifiPassword", FlashBench.Password, DisplayName = "password without network")]
    [DataRow(2, "8 to 63 characters", "Check the password", "-Board", "esp32-devkitc", "-Port", "COM5", "-WifiSsid", "lab", "-WifiPassword", "short", DisplayName = "password too short")]
    public void ExplainsAWrongCommandLine(int exitCode, string problem, string told, params string[] arguments)
    {
        AssertExit(exitCode, _bench.Run(arguments), problem, told);
        AssertCalls();
    }

    [TestMethod]
    public void RefusesTwoWifiNetworks()
    {
        string json = File.ReadAllText(_bench.Config).TrimEnd();
        File.WriteAllText(_bench.Config, json[..^1] + """, "wifi": { "ssid": "other", "password": "another-secret" } }""");

        PowerShellRun run = _bench.Flash("esp32-devkitc", "-WifiSsid", "lab", "-WifiPassword", FlashBench.Password);
        AssertExit(2, run, "the board would take that one", "Take wifi out of the file");
        Assert.DoesNotContain("another-secret", run.Output);
        AssertCalls();
        AssertExit(0, _bench.Flash("ESP32-DevKitC"), "the network in me.json");
    }

    [TestMethod]
    public void ExplainsAMissingImage()
    {
        PowerShellRun run = _bench.Run(
            "-Board", "esp32-devkitc", "-Port", FlashBench.Port, "-Config", _bench.Config, "-Image", Path.Combine(_bench.Folder, "nothing.bin"));

        AssertExit(3, run, "There is no application image", "MbmsMe.nfproj.sln");
        AssertCalls();
    }

    [TestMethod]
    public void RefusesAnImageThatWouldRunIntoTheConfigPartition()
    {
        using (FileStream image = File.OpenWrite(_bench.Image))
        {
            image.SetLength(0x1C0000 + 1);
        }

        AssertExit(3, _bench.Flash("esp32-devkitc"), "larger than the deploy partition");
        AssertCalls();
    }

    private static void AssertExit(int expected, PowerShellRun run, params string[] texts)
    {
        Assert.AreEqual(expected, run.ExitCode, run.Output);

        foreach (string text in texts)
        {
            Assert.Contains(text, run.Output);
        }
    }

    private void AssertCalls(params string[] expected) =>
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', _bench.Calls));

    // The name of the temporary folder is drawn anew in every run.
    private string FilesPath() => _bench.Calls.Single(call => call.StartsWith("--filedeployment ", StringComparison.Ordinal)).Split(' ')[1];
}
