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
                return File.Exists(_path + slot) ? File.ReadAllBytes(_path + slot) : null;
            }
            catch (Exception failure) when (!(failure is OutOfMemoryException))
            {
                // A slot that cannot be read is a slot without content: the other one counts. Any exception, because
                // nanoFramework throws a plain Exception when littlefs reports an error.
                return null;
            }
        }

        /// <inheritdoc/>
        public void Write(int slot, byte[] image)
        {
            try
            {
                using (FileStream file = new FileStream(_path + slot, FileMode.Create, FileAccess.Write))
                {
                    file.Write(image, 0, image.Length);
#if !NANOFRAMEWORK_1_0
                    // There, closing is what commits (littlefs); here, closing leaves it in the page cache.
                    file.Flush(true);
#endif
                }
            }
            catch (Exception failure) when (!(failure is IOException))
            {
                throw new IOException(failure.Message);
            }
        }
    }
}
