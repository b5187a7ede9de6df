using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>A traffic plane that notes what it is told.</summary>
    public sealed class FakeTraffic : ITrafficPlane
    {
        /// <summary>What it was told, such as "start urn:example:news" or "install 00f110 001000010001"; oldest first.</summary>
        public readonly ArrayList Told = new ArrayList();

        /// <summary>Copies of the MTKs (<see cref="TrafficKey"/>) it holds.</summary>
        public readonly ArrayList Keys = new ArrayList();

        /// <summary>The MKIs of the MTKs it holds in hexadecimal, oldest first, such as "001000010001 001000010002".</summary>
        public string Mkis
        {
            get
            {
                string mkis = string.Empty;
                for (int i = 0; i < Keys.Count; i++)
                {
                    mkis += (i == 0 ? string.Empty : " ") + Octets.ToHex(((TrafficKey)Keys[i]).Mki);
                }

                return mkis;
            }
        }

        /// <inheritdoc/>
        public void Start(string service, UdpAddress mtkGroup, MediaFlow[] flows)
        {
            Told.Add("start " + service);
        }

        /// <inheritdoc/>
        public void Stop(string service)
        {
            Told.Add("stop " + service);
        }

        /// <inheritdoc/>
        public void Install(TrafficKey key)
        {
            Told.Add("install " + key.Group.DomainText + " " + Octets.ToHex(key.Mki));
            Keys.Add(new TrafficKey
            {
                Group = key.Group,
                KeyNumber = key.KeyNumber,
                Mki = key.Mki,
                Key = Octets.Slice(key.Key, 0, key.Key.Length),
                Salt = Octets.Slice(key.Salt, 0, key.Salt.Length),
            });
        }

        /// <inheritdoc/>
        public void Remove(KeyGroup group, int keyNumber)
        {
            Told.Add("remove " + group.DomainText + " " + group.GroupText + Octets.ToHex((uint)keyNumber, 2));
            for (int i = Keys.Count - 1; i >= 0; i--)
            {
                TrafficKey key = (TrafficKey)Keys[i];
                if (key.Group.Is(group) && key.KeyNumber == keyNumber)
                {
                    Keys.RemoveAt(i);
                }
            }
        }

        /// <inheritdoc/>
        public void Clear()
        {
            Told.Add("clear");
            Keys.Clear();
        }
    }
}
