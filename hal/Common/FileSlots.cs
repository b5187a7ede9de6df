using System;
using System.IO;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Common
{
    /// <summary>The two slots as files in a directory: I:\ on the board, a folder on the PC.</summary>
    public sealed class FileSlots : ISlotDrive
    {
        private readonly string _path;

        /// <summary>Makes it; the directory must exist.</summary>
        /// <param name="directory">The directory.</param>
        /// <param name="name">The files are called name0 and name1.</param>
        public FileSlots(string directory, string name)
        {
            _path = Path.Combine(directory, name);
        }

        /// <inheritdoc/>
        public byte[] Read(int slot)
        {
            try
            {
                // Where a directory stands there is no slot, and nothing of the ME's to be lost.
                return File.Exists(_path + slot) ? File.ReadAllBytes(_path + slot) : null;
            }
            catch (Exception failure) when (!(failure is IOException))
            {
                // nanoFramework throws a plain Exception when littlefs reports an error.
                throw new IOException(failure.Message);
            }
        }

        /// <inheritdoc/>
        public void Write(int slot, byte[] image)
        {
            try
            {
#if NANOFRAMEWORK_1_0
                // Closing is what commits (littlefs).
                using (FileStream file = new FileStream(_path + slot, FileMode.Create, FileAccess.Write))
                {
                    file.Write(image, 0, image.Length);
                }
#else
                // Not truncated first: a full drive then leaves the former content. Closing leaves it in the page cache.
                using (FileStream file = new FileStream(_path + slot, FileMode.OpenOrCreate, FileAccess.Write))
                {
                    file.Write(image, 0, image.Length);
                    file.SetLength(image.Length);
                    file.Flush(true);
                }
#endif
            }
            catch (Exception failure) when (!(failure is IOException))
            {
                throw new IOException(failure.Message);
            }
        }
    }
}
