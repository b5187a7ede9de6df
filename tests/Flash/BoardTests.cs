using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace MbmsMe.Tests.Flash;

/// <summary>Every board description against the schema, and against itself: addresses, sizes and pins must fit together.</summary>
[TestClass]
public sealed class BoardTests
{
    // GPIO numbers as in the chips' data sheets and ESP-IDF's GPIO pages. Flash holds the pins of SPI flash and PSRAM.
    private static readonly Dictionary<string, Pins> s_chips = new()
    {
        ["ESP32"] = new Pins([.. Range(0, 19), .. Range(21, 23), .. Range(25, 27), .. Range(32, 39)], [0, 2, 5, 12, 15], [.. Range(6, 11)], [16, 17], [.. Range(34, 39)]),
        ["ESP32-S3"] = new Pins([.. Range(0, 21), .. Range(26, 48)], [0, 3, 45, 46], [.. Range(26, 32)], [.. Range(33, 37)], []),
    };

    public static IEnumerable<object[]> Boards => BoardFiles().Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DataRow("esp32-devkitc", "ESP32", 4, 0x1E0000L)]
    [DataRow("esp32-wrover", "ESP32", 4, 0x1E0000L)]
    [DataRow("esp32-s3-devkitc-1", "ESP32-S3", 8, 0x1B0000L)]
    public void TheBoardsOfTheReadmeAreThere(string id, string chip, int flashMegabytes, long deployAddress)
    {
        JsonElement board = Load(id + ".json");

        Assert.AreEqual(chip, board.GetProperty("chip").GetString());
        Assert.AreEqual(flashMegabytes, board.GetProperty("flashMB").GetInt32());
        Assert.AreEqual(deployAddress, Hex(board.GetProperty("deployAddress")));
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public async Task FollowsTheSchema(string file)
    {
        JsonSchema schema = await LoadSchema();

        Assert.AreEqual("", Errors(schema, File.ReadAllText(Path.Combine(Repository.Boards, file))));
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void FitsTogether(string file) => Assert.AreEqual("", Check(file, Load(file)));

    [TestMethod]
    public void IdsAreUnique()
    {
        string[] ids = [.. BoardFiles().Select(path => Load(Path.GetFileName(path)).GetProperty("id").GetString()!)];

        Assert.AreEqual(ids.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [TestMethod]
    [DataRow("id", "\"ESP32 DevKitC\"")]
    [DataRow("target", "\"ST_NUCLEO\"")]
    [DataRow("platform", "\"stm32\"")]
    [DataRow("chip", "\"ESP8266\"")]
    [DataRow("minimumRevision", "\"3\"")]
    [DataRow("flashMB", "3")]
    [DataRow("psramMB", "-1")]
    [DataRow("deployAddress", "1966080")]
    [DataRow("deployAddress", "\"1E0000\"")]
    [DataRow("partitions", "[]")]
    [DataRow("partitions", """[{ "name": "deploy", "offset": "0x1E0000" }]""")]
    [DataRow("partitions", """[{ "name": "swap", "offset": "0x1E0000", "size": "0x1000" }]""")]
    [DataRow("led", """{ "kind": "plain" }""")]
    [DataRow("led", """{ "kind": "none", "pin": 2 }""")]
    [DataRow("led", """{ "kind": "laser" }""")]
    [DataRow("uart", """{ "tx": 1, "rx": 3 }""")]
    [DataRow("serialConsole", """{ "port": "COM1", "tx": 17, "rx": 16, "baud": 115200 }""")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 17, "baud": 115200 }""")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 17, "rx": 16, "baud": 921600 }""")]
    [DataRow("bootButton", "0")]
    [DataRow("notes", "[]")]
    [DataRow("notes", "[\"\"]")]
    [DataRow("colour", "\"black\"")]
    public async Task TheSchemaRefuses(string property, string value)
    {
        JsonSchema schema = await LoadSchema();
        JsonNode board = Devkit();
        board[property] = JsonNode.Parse(value);

        Assert.AreNotEqual("", Errors(schema, board.ToJsonString()));
    }

    [TestMethod]
    public async Task TheSchemaRefusesAMissingProperty()
    {
        JsonSchema schema = await LoadSchema();

        foreach (string property in Devkit().AsObject().Select(pair => pair.Key).Where(key => key != "serialConsole"))
        {
            JsonNode board = Devkit();
            board.AsObject().Remove(property);
            Assert.AreNotEqual("", Errors(schema, board.ToJsonString()), property);
        }
    }

    [TestMethod]
    [DataRow("id", "\"esp32-other\"", "file name")]
    [DataRow("deployAddress", "\"0x1B0000\"", "deploy address")]
    [DataRow("flashMB", "2", "beyond the flash")]
    [DataRow("partitions", """[{ "name": "factory", "offset": "0x10000", "size": "0x1D1000" }, { "name": "deploy", "offset": "0x1E0000", "size": "0x1000" }]""", "overlap")]
    [DataRow("partitions", """[{ "name": "nvs", "offset": "0x8000", "size": "0x1000" }, { "name": "deploy", "offset": "0x1E0000", "size": "0x1000" }]""", "partition table")]
    [DataRow("partitions", """[{ "name": "factory", "offset": "0x10000", "size": "0x1000" }]""", "one deploy")]
    [DataRow("led", """{ "kind": "plain", "pin": 2, "activeLevel": "high", "onBoard": true }""", "strapping")]
    [DataRow("led", """{ "kind": "plain", "pin": 7, "activeLevel": "high", "onBoard": true }""", "flash")]
    [DataRow("led", """{ "kind": "plain", "pin": 34, "activeLevel": "high", "onBoard": true }""", "input only")]
    [DataRow("led", """{ "kind": "plain", "pin": 24, "activeLevel": "high", "onBoard": true }""", "no GPIO24")]
    [DataRow("led", """{ "kind": "plain", "pin": 1, "activeLevel": "high", "onBoard": true }""", "twice")]
    [DataRow("uart", """{ "tx": 28, "rx": 3, "baud": 921600, "console": "usb-uart" }""", "no GPIO28")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 34, "rx": 16, "baud": 115200 }""", "input only")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 17, "rx": 12, "baud": 115200 }""", "strapping")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 17, "rx": 25, "baud": 115200 }""", "twice")]
    [DataRow("serialConsole", """{ "port": "COM2", "tx": 17, "rx": 34, "baud": 115200 }""", "")]
    [DataRow("psramMB", "8", "flash")]
    public void TheCheckRefuses(string property, string value, string expected)
    {
        JsonNode board = Devkit();
        board[property] = JsonNode.Parse(value);
        string problems = Check("esp32-devkitc.json", JsonSerializer.SerializeToElement(board));

        if (expected.Length == 0)
        {
            Assert.AreEqual("", problems);
        }
        else
        {
            Assert.Contains(expected, problems);
        }
    }

    [TestMethod]
    public void PinsOfThePsramAreTakenOnlyWhereThereIsOne()
    {
        JsonNode board = Devkit();
        board.AsObject().Remove("serialConsole");
        board["led"]!["pin"] = 16;
        Assert.AreEqual("", Check("esp32-devkitc.json", JsonSerializer.SerializeToElement(board)));

        board["psramMB"] = 8;
        Assert.Contains("flash", Check("esp32-devkitc.json", JsonSerializer.SerializeToElement(board)));
    }

    [TestMethod]
    public void TheSampleProvisioningHasTheKeysOfTheHostConfiguration()
    {
        string[] expected = ["uicc", "bsf", "bmsc", "mikey", "services", "backoff", "storage"];
        JsonElement sample = Load("me.sample.json");

        CollectionAssert.AreEqual(expected, sample.EnumerateObject().Select(property => property.Name).ToArray());
        CollectionAssert.AreEqual(
            (string[])["kind", "iccid", "imsi", "mncLength", "k", "opc"],
            sample.GetProperty("uicc").EnumerateObject().Select(property => property.Name).ToArray());
    }

    private static string Check(string file, JsonElement board)
    {
        List<string> problems = [];
        Pins chip = s_chips[board.GetProperty("chip").GetString()!];

        if (board.GetProperty("id").GetString() + ".json" != file)
        {
            problems.Add("the id is not the file name");
        }

        var partitions = board.GetProperty("partitions").EnumerateArray()
            .Select(partition => (Name: partition.GetProperty("name").GetString()!, Start: Hex(partition.GetProperty("offset")), End: Hex(partition.GetProperty("offset")) + Hex(partition.GetProperty("size"))))
            .OrderBy(partition => partition.Start)
            .ToArray();
        long[] deploy = [.. partitions.Where(partition => partition.Name == "deploy").Select(partition => partition.Start)];

        if (deploy.Length != 1)
        {
            problems.Add("there is not one deploy partition");
        }
        else if (deploy[0] != Hex(board.GetProperty("deployAddress")))
        {
            problems.Add("the deploy address is not that of the deploy partition");
        }

        // The partition table itself is at 0x8000.
        if (partitions[0].Start < 0x9000)
        {
            problems.Add("a partition covers the partition table");
        }

        for (int i = 1; i < partitions.Length; i++)
        {
            if (partitions[i].Start < partitions[i - 1].End)
            {
                problems.Add($"{partitions[i - 1].Name} and {partitions[i].Name} overlap");
            }
        }

        if (partitions[^1].End > board.GetProperty("flashMB").GetInt64() << 20)
        {
            problems.Add("a partition lies beyond the flash");
        }

        List<int> used =
        [
            board.GetProperty("uart").GetProperty("tx").GetInt32(),
            board.GetProperty("uart").GetProperty("rx").GetInt32(),
            board.GetProperty("bootButton").GetProperty("pin").GetInt32(),
        ];

        if (board.GetProperty("led").TryGetProperty("pin", out JsonElement led))
        {
            int pin = led.GetInt32();
            used.Add(pin);

            if (chip.Strapping.Contains(pin))
            {
                problems.Add($"the LED's GPIO{pin} is a strapping pin");
            }

            if (chip.InputOnly.Contains(pin))
            {
                problems.Add($"the LED's GPIO{pin} is input only");
            }
        }

        if (board.TryGetProperty("serialConsole", out JsonElement console))
        {
            int tx = console.GetProperty("tx").GetInt32();
            int rx = console.GetProperty("rx").GetInt32();
            used.AddRange([tx, rx]);

            if (chip.Strapping.Contains(tx) || chip.Strapping.Contains(rx))
            {
                problems.Add("a pin of the serial console is a strapping pin");
            }

            if (chip.InputOnly.Contains(tx))
            {
                problems.Add($"GPIO{tx}, which the serial console sends on, is input only");
            }
        }

        foreach (int pin in used)
        {
            if (!chip.All.Contains(pin))
            {
                problems.Add($"the chip has no GPIO{pin}");
            }

            if (chip.Flash.Contains(pin) || (board.GetProperty("psramMB").GetInt32() > 0 && chip.Psram.Contains(pin)))
            {
                problems.Add($"GPIO{pin} belongs to flash or PSRAM");
            }
        }

        if (used.Distinct().Count() != used.Count)
        {
            problems.Add("a pin is used twice");
        }

        return string.Join("; ", problems);
    }

    private static IEnumerable<string> BoardFiles() =>
        Directory.GetFiles(Repository.Boards, "*.json")
            .Where(path => Path.GetFileName(path) is not ("board.schema.json" or "me.sample.json"))
            .Order(StringComparer.Ordinal);

    private static JsonElement Load(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Boards, file))).RootElement;

    private static JsonNode Devkit() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Boards, "esp32-devkitc.json")))!;

    private static Task<JsonSchema> LoadSchema() => JsonSchema.FromJsonAsync(File.ReadAllText(Path.Combine(Repository.Boards, "board.schema.json")));

    private static string Errors(JsonSchema schema, string json) => string.Join("; ", schema.Validate(json).Select(error => error.ToString()));

    private static long Hex(JsonElement text) => long.Parse(text.GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<int> Range(int first, int last) => Enumerable.Range(first, last - first + 1);

    private sealed record Pins(int[] All, int[] Strapping, int[] Flash, int[] Psram, int[] InputOnly);
}
