using System;
using System.IO;
using MbmsMe.Binary;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>Slot files on the internal drive that remember whether the drive last took a write.</summary>
    /// <remarks>
    /// A full or damaged drive stops nothing: every write it refuses is an event "storage-failed", the ME stays with
    /// the keys that the drive still holds (a message it cannot store is neither obeyed nor acknowledged), and the
    /// next write tries again. The user sees the event and the fault pattern of the LED, and flashes with -Erase,
    /// which formats the drive; the ME then pairs anew.
    /// </remarks>
    public sealed class BoardDrive : ISlotDrive
    {
        private readonly ISlotDrive _files;

        /// <summary>Makes it; creates the directory when it can.</summary>
        /// <param name="directory">A path on I:\.</param>
        /// <param name="name">The files are called name0 and name1.</param>
        public BoardDrive(string directory, string name)
        {
            _files = new FileSlots(directory, name);
            try
            {
                if (!Directory.Exists(directory))
                {
                    Directory.CreateDirectory(directory);
                }
            }
            catch (Exception)
            {
                // The first write says what is wrong.
            }
        }

        /// <summary>True when the last write failed.</summary>
        public bool HasFailed { get; private set; }

        /// <inheritdoc/>
        public byte[] Read(int slot)
        {
            return _files.Read(slot);
        }

        /// <inheritdoc/>
        public void Write(int slot, byte[] image)
        {
            HasFailed = true;
            if (!TryWrite(slot, image))
            {
                throw new IOException("the drive is full or damaged, or storage.directory is not on I:\\; flash with -Erase to format it");
            }

            HasFailed = false;
        }

        private bool TryWrite(int slot, byte[] image)
        {
            try
            {
                _files.Write(slot, image);

                // A full drive loses the file when it is closed, without an exception.
                byte[] written = _files.Read(slot);
                bool whole = written != null && written.Length == image.Length;
                Octets.Wipe(written);
                return whole;
            }
            catch (IOException)
            {
                // The firmware's exceptions carry no text.
                return false;
            }
        }
    }
}
