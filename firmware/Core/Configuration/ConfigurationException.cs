using System;

namespace MbmsMe.Configuration
{
    /// <summary>The configuration names a key that is missing or wrong; the message is one line for the user.</summary>
    public sealed class ConfigurationException : Exception
    {
        /// <summary>Makes the exception.</summary>
        /// <param name="key">The key as a path, for example services[0].keyGroups[1].</param>
        /// <param name="problem">What is wrong and what is expected. Never the value found: it may be a secret.</param>
        public ConfigurationException(string key, string problem)
            : base(OneLine(key + ": " + problem))
        {
        }

        // A misspelt key may hold anything, line breaks too.
        private static string OneLine(string text)
        {
            char[] line = text.ToCharArray();
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = line[i] < ' ' ? '?' : line[i];
            }

            return new string(line);
        }
    }
}
