using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using SharpFuzz;
using SharpFuzz.Common;

namespace MbmsMe.Tests.Fuzz;

/// <summary>Runs one harness under afl-fuzz, writes the seeds, or replays inputs. Normally started by run.sh.</summary>
internal static class Program
{
    private const string Usage =
        """
        MbmsMe.Fuzz list                              the harnesses
        MbmsMe.Fuzz seeds <folder>                    write seeds and dictionaries: <folder>/<harness>/*, <folder>/<harness>.dict
        MbmsMe.Fuzz replay <harness> <file|folder>…   give these inputs to a harness; exit code 1 when one fails
        MbmsMe.Fuzz run <harness>                     under afl-fuzz
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["list"]:
                Console.WriteLine(string.Join('\n', Harnesses.All().Select(harness => harness.Name)));
                return 0;
            case ["seeds", string folder]:
                WriteSeeds(folder);
                return 0;
            case ["replay", string name, .. string[] paths] when paths.Length > 0:
                return Replay(Find(name), paths);
            case ["run", string name]:
                Fuzz(name);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static Harness Find(string name) => Harnesses.All().First(harness => harness.Name == name);

    private static void WriteSeeds(string folder)
    {
        foreach (Harness harness in Harnesses.All())
        {
            string own = Directory.CreateDirectory(Path.Combine(folder, harness.Name)).FullName;
            foreach (Seed seed in harness.Seeds())
            {
                File.WriteAllBytes(Path.Combine(own, seed.Name.Replace(' ', '-').Replace(",", null)), seed.Input);
            }

            if (harness.Dictionary.Length > 0)
            {
                File.WriteAllLines(Path.Combine(folder, harness.Name + ".dict"), harness.Dictionary.Select(Quote));
            }
        }
    }

    private static string Quote(string word)
    {
        StringBuilder quoted = new("\"");
        foreach (byte octet in Encoding.UTF8.GetBytes(word))
        {
            quoted.Append(octet is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? ((char)octet).ToString() : $"\\x{octet:x2}");
        }

        return quoted.Append('"').ToString();
    }

    private static int Replay(Harness harness, string[] paths)
    {
        int failed = 0;
        int count = 0;
        foreach (string file in paths.SelectMany(Files))
        {
            count++;
            try
            {
                harness.Run(File.ReadAllBytes(file));
            }
            catch (Exception failure)
            {
                failed++;
                Console.WriteLine(file + ": " + failure.GetType() + ": " + failure.Message);
                Console.WriteLine(failure.StackTrace.Split('\n').FirstOrDefault(line => !line.Contains(nameof(Harness.Require))));
            }
        }

        (long octets, long limit) = harness.MostAllocated;
        Console.WriteLine($"{harness.Name}: {count} inputs, {failed} failed, {harness.Accepted} accepted, {octets} of {limit} octets allocated at most");
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal) : [path];

    private static unsafe void Fuzz(string name)
    {
        // Instrumented code notes its way from the first call on, also before afl-fuzz has said where.
        byte[] nowhere = GC.AllocateArray<byte>(1 << 16, pinned: true);
        fixed (byte* map = nowhere)
        {
            Trace.SharedMem = map;
        }

        Harness harness = Find(name);
        MemoryStream input = new();
        Fuzzer.OutOfProcess.Run(stream =>
        {
            input.SetLength(0);
            stream.CopyTo(input);
            harness.Run(input.ToArray());
        });
    }
}
