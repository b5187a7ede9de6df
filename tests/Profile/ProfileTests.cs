namespace MbmsMe.Tests.Profile;

/// <summary>What also runs on nanoFramework uses only what nanoFramework has.</summary>
[TestClass]
public sealed class ProfileTests
{
    /// <summary>What every nanoCLR carries, the emulators included.</summary>
    private static readonly string[] s_emulator =
        ["mscorlib", "nanoFramework.System.Collections", "nanoFramework.System.Text", "System.Math"];

    /// <summary>What both the PC and the board have for sockets and files.</summary>
    private static readonly string[] s_shared =
        [.. s_emulator, "System.IO.FileSystem", "System.IO.Streams", "System.Net", "System.Threading"];

    [TestMethod]
    [DataRow("MbmsMe.Core")]
    [DataRow("MbmsMe.Hal.SoftUicc")]
    public void TheCoreNeedsNothingThatTheEmulatorLacks(string assembly) => Clean(assembly, s_emulator);

    [TestMethod]
    public void TheSharedHalNeedsNothingThatTheBoardLacks() => Clean(
        "MbmsMe.Hal.Common",
        s_shared,
        // Behind #if there: for .NET only.
        "MbmsMe.Hal.Common.FileSlots.Write: System.IO.FileStream.Flush(System.Boolean)");

    /// <summary>ESP32 HAL and application have no host build: what the nanoFramework compiler made of them is read, where it is.</summary>
    [TestMethod]
    [DataRow("hal/Esp32", "MbmsMe.Hal.Esp32.dll")]
    [DataRow("firmware/App", "MbmsMe.App.exe")]
    public void TheFirmwareNeedsNothingThatTheBoardLacks(string folder, string assembly)
    {
        string built = Path.Combine(Repository.Root, folder, "bin", "Release", assembly);
        if (!File.Exists(built))
        {
            Assert.Inconclusive($"{folder} is not built: tests/emulator/run.sh --all");
        }

        Assert.IsEmpty(ProfileCheck.Run(built, new MemberLists([.. MemberLists.Assemblies])));
    }

    [TestMethod]
    public void NothingPlantedNothingFound() => Assert.IsEmpty(Check(nameof(Planted.Nothing)));

    [TestMethod]
    [DataRow(nameof(Planted.MissingType), "Make: System.Text.RegularExpressions.Regex")]
    [DataRow(nameof(Planted.MissingTypeInAField), "_unknown: System.Uri of System.Net.Http")]
    [DataRow(nameof(Planted.MissingBase), "MissingBase: System.IO.TextWriter of System.IO.Streams")]
    [DataRow(nameof(Planted.MissingMethod), "Trimmed: System.String.Replace(System.String,System.String)")]
    [DataRow(nameof(Planted.MissingOverload), "Same: System.String.Equals(System.String,System.StringComparison)")]
    [DataRow(nameof(Planted.MissingProperty), "Now: System.DateTime.get_Now()")]
    [DataRow(nameof(Planted.MissingField), "Zero: System.IntPtr.Zero")]
    [DataRow(nameof(Planted.MissingEvent), "Watch: System.Console.add_CancelKeyPress(System.ConsoleCancelEventHandler)")]
    [DataRow(nameof(Planted.OtherAssembly), "Exists: System.IO.File of System.IO.FileSystem")]
    [DataRow(nameof(Planted.GenericTypeOfItsOwn), "Box`1: generic type")]
    [DataRow(nameof(Planted.GenericMethodOfItsOwn), "Same: generic method")]
    [DataRow(nameof(Planted.GenericList), "Make: generic type System.Collections.Generic.List`1{System.Int32}")]
    [DataRow(nameof(Planted.GenericDelegate), "Run: generic type System.Action`1{System.Int32}")]
    [DataRow(nameof(Planted.Linq), "Sum: System.Linq.Enumerable")]
    [DataRow(nameof(Planted.Async), "Wait: System.Runtime.CompilerServices.AsyncStateMachineAttribute")]
    [DataRow(nameof(Planted.Iterator), "Count: System.Runtime.CompilerServices.IteratorStateMachineAttribute")]
    [DataRow(nameof(Planted.NullableValue), "Is: generic type System.Nullable`1{System.Int32}")]
    [DataRow(nameof(Planted.Decimal), "Half: System.Decimal")]
    [DataRow(nameof(Planted.MultiDimensionalArray), "Corner: multi-dimensional array of System.Int32")]
    [DataRow(nameof(Planted.Tuple), "Pair: generic type System.ValueTuple`2{System.Int32,System.Int32}")]
    [DataRow(nameof(Planted.Characters), "First: generic type System.ReadOnlySpan`1{System.Char}")]
    [DataRow(nameof(Planted.StackAllocation), "First: stackalloc")]
    [DataRow(nameof(Planted.Volatile), "_stop: volatile field")]
    [DataRow(nameof(Planted.IWithBody), "One: interface method with a body")]
    public void WhatIsPlantedIsFound(string type, string finding)
    {
        IReadOnlyCollection<string> findings = Check(type);
        Assert.IsTrue(findings.Any(line => line.EndsWith("." + finding, StringComparison.Ordinal)), string.Join(Environment.NewLine, findings));
    }

    [TestMethod]
    public void EveryKindOfViolationIsPlanted()
    {
        string[] planted = [.. typeof(Planted.Nothing).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Planted.Nothing).Namespace && !type.IsNested && type != typeof(Planted.Nothing))
            .Select(type => type.Name)];
        string[] tested = [.. typeof(ProfileTests).GetMethod(nameof(WhatIsPlantedIsFound))!
            .GetCustomAttributes(typeof(DataRowAttribute), false).Cast<DataRowAttribute>().Select(row => (string)row.Data[0]!)];
        CollectionAssert.AreEquivalent(tested, planted);
    }

    private static void Clean(string assembly, string[] lists, params string[] expected)
    {
        IReadOnlyCollection<string> findings =
            ProfileCheck.Run(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), new MemberLists(lists));
        CollectionAssert.AreEquivalent(expected, findings.ToArray(), string.Join(Environment.NewLine, findings));
    }

    private static IReadOnlyCollection<string> Check(string planted) =>
        ProfileCheck.Run(typeof(Planted.Nothing).Assembly.Location, new MemberLists(s_emulator), typeof(Planted.Nothing).Namespace + "." + planted);
}
