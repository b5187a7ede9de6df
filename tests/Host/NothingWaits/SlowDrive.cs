using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>A drive that can take its time over every write.</summary>
internal sealed class SlowDrive(ISlotDrive drive) : ISlotDrive
{
    private volatile int _delay;
    private volatile bool _isWriting;

    /// <summary>Milliseconds that a write takes longer than the drive behind it needs.</summary>
    public int WriteMilliseconds
    {
        get => _delay;
        set => _delay = value;
    }

    /// <summary>True while a write is under way.</summary>
    public bool IsWriting => _isWriting;

    public byte[]? Read(int slot) => drive.Read(slot);

    public void Write(int slot, byte[] image)
    {
        _isWriting = true;
        Thread.Sleep(_delay);
        drive.Write(slot, image);
        _isWriting = false;
    }
}
