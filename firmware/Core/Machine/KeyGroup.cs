using System.Collections;
using MbmsMe.Binary;

namespace MbmsMe.Machine
{
    /// <summary>A Key Group within a Key Domain (TS 33.246 clause 6.3.2.1).</summary>
    public sealed class KeyGroup
    {
        /// <summary>The Key Group part that, in a solicited pull, stands for every Key Group in use.</summary>
        public const int All = 0;

        /// <summary>Makes it.</summary>
        /// <param name="domain">Key Domain ID: 24 bits.</param>
        /// <param name="group">Key Group part of an MSK ID: 16 bits.</param>
        public KeyGroup(int domain, int group)
        {
            Domain = domain;
            Group = group;
        }

        /// <summary>Key Domain ID: MCC and MNC as 24 bits.</summary>
        public int Domain { get; }

        /// <summary>Key Group part of an MSK ID: 16 bits.</summary>
        public int Group { get; }

        /// <summary>The Key Domain ID as 6 hexadecimal digits.</summary>
        public string DomainText
        {
            get { return Octets.ToHex((uint)Domain, 3); }
        }

        /// <summary>The Key Group part as 4 hexadecimal digits.</summary>
        public string GroupText
        {
            get { return Octets.ToHex((uint)Group, 2); }
        }

        /// <summary>Appends it to the record.</summary>
        public void Write(OctetWriter to)
        {
            to.Put24(Domain).Put16(Group);
        }

        /// <summary>Reads it from the record.</summary>
        public static KeyGroup Read(OctetReader from)
        {
            int domain = from.Get24();
            return new KeyGroup(domain, from.Get16());
        }

        /// <summary>True when a list of Key Groups holds this one.</summary>
        public bool IsIn(ArrayList groups)
        {
            for (int i = 0; i < groups.Count; i++)
            {
                if (Is((KeyGroup)groups[i]))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>True for the same Key Domain and Key Group.</summary>
        public bool Is(KeyGroup other)
        {
            return Domain == other.Domain && Group == other.Group;
        }
    }
}
