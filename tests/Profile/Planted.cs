// Each type breaks the profile in one way. None of this runs: ProfileTests has the check look at it.
#pragma warning disable CS0169, CS0649, CS1998, CA1822, IDE0044, IDE0051
using System.Collections;
using System.Text;
using System.Text.RegularExpressions;

namespace MbmsMe.Tests.Profile.Planted;

internal sealed class Nothing
{
    private readonly ArrayList _texts = new();

    public string Text(byte[] octets, char separator)
    {
        StringBuilder text = new();
        foreach (byte octet in octets)
        {
            text.Append(octet.ToString("x2"));
        }

        EventHandler handler = (_, _) => _texts.Add(text.ToString());
        handler(this, EventArgs.Empty);
        return text.ToString() + separator + _texts.Count + "a,b".Split(',')[0];
    }
}

internal sealed class MissingType
{
    public object Make() => new Regex("a");
}

internal sealed class MissingTypeInAField
{
    private Version? _known;
    private Uri? _unknown;
}

internal sealed class MissingBase : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;
}

internal sealed class MissingMethod
{
    public string Trimmed(string text) => text.Replace("a", "b");
}

internal sealed class MissingOverload
{
    public bool Same(string a, string b) => a.Equals(b, StringComparison.Ordinal);
}

internal sealed class MissingProperty
{
    public DateTime Now() => DateTime.Now;
}

internal sealed class MissingField
{
    public object Zero() => IntPtr.Zero;
}

internal sealed class MissingEvent
{
    public void Watch() => Console.CancelKeyPress += (_, _) => { };
}

internal sealed class OtherAssembly
{
    public bool Exists() => File.Exists("a");
}

internal sealed class GenericTypeOfItsOwn
{
    private sealed class Box<T>
    {
        public T? Content;
    }
}

internal sealed class GenericMethodOfItsOwn
{
    public T Same<T>(T value) => value;
}

internal sealed class GenericList
{
    public object Make() => new List<int>();
}

internal sealed class GenericDelegate
{
    public void Run(Action<int> action) => action(1);
}

internal sealed class Linq
{
    public int Sum(ArrayList numbers) => numbers.Cast<int>().Sum();
}

internal sealed class Async
{
    public async Task Wait() => await Task.Yield();
}

internal sealed class Iterator
{
    public IEnumerable Count()
    {
        yield return 1;
    }
}

internal sealed class NullableValue
{
    public bool Is(int? value) => value.HasValue;
}

internal sealed class Decimal
{
    public decimal Half(decimal value) => value / 2;
}

internal sealed class MultiDimensionalArray
{
    public int Corner(int[,] square) => square[0, 0];
}

internal sealed class Tuple
{
    public (int A, int B) Pair() => (1, 2);
}

internal sealed class Characters
{
    public int First(string text) => text.AsSpan()[0];
}

internal sealed class StackAllocation
{
    public int First(int n)
    {
        Span<byte> octets = stackalloc byte[n];
        return octets[0];
    }
}

internal sealed class Volatile
{
    private volatile bool _stop;
}

internal interface IWithBody
{
    int One() => 1;
}
