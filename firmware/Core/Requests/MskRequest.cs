using System.Collections;
using System.Text;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Requests
{
    /// <summary>Wants the current MSK of a Key Group (TS 33.246 clause 6.3.2.2.1, TS 26.346 clause 11).</summary>
    public sealed class MskRequest : Request
    {
        /// <summary>Makes it.</summary>
        public MskRequest(BmscAddress bmsc, KeyGroup group)
            : base("msk-request", bmsc)
        {
            Group = group;
        }

        /// <summary>The Key Group.</summary>
        public KeyGroup Group { get; }

        /// <inheritdoc/>
        public override string AnswerName
        {
            get { return "mskResponse"; }
        }

        /// <inheritdoc/>
        public override bool Is(Request other)
        {
            MskRequest same = other as MskRequest;
            return same != null && same.Bmsc == Bmsc && same.Group.Is(Group);
        }

        /// <inheritdoc/>
        public override RequestMessage Write(ArrayList batch)
        {
            return new RequestMessage(Type, "application/mbms-msk+xml", Write(GroupsOf(batch)));
        }

        /// <inheritdoc/>
        public override bool TryReadResponse(byte[] body, ArrayList batch, int[] codes)
        {
            return TryReadResponse(body, GroupsOf(batch), codes);
        }

        /// <inheritdoc/>
        public override MeEvent About(string name)
        {
            return KeyEvents.About(name, Group);
        }

        /// <inheritdoc/>
        /// <remarks>The MSK comes by UDP, or is asked for again.</remarks>
        public override void Succeed(KeyRequester requester)
        {
            requester.Await(this);
        }

        /// <inheritdoc/>
        public override void GiveUp(KeyRequester requester, string reason)
        {
            bool served = requester.RemovePull(this);
            if (!requester.Observer.MskNotToBeHad(Group, reason) && served)
            {
                requester.NotePullServed(this);
            }
        }

        /// <summary>Writes a request for the current MSK (Key Number 0) of each Key Group.</summary>
        public static byte[] Write(KeyGroup[] groups)
        {
            StringBuilder xml = new StringBuilder(256);
            xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><mskRequest xmlns=\"urn:3GPP:metadata:2005:MBMS:mskRequest\">");
            for (int i = 0; i < groups.Length; i++)
            {
                byte[] domain = new OctetWriter(3).Put24(groups[i].Domain).ToArray();
                byte[] mskId = new OctetWriter(4).Put16(groups[i].Group).Put16(0).ToArray();
                xml.Append("<MSK><keyDomainID>").Append(Octets.ToText(Octets.ToBase64(domain)))
                    .Append("</keyDomainID><MSKID>").Append(Octets.ToText(Octets.ToBase64(mskId))).Append("</MSKID></MSK>");
            }

            return Octets.FromText(xml.Append("</mskRequest>").ToString());
        }

        /// <summary>
        /// Reads the response codes of the groups that were asked for; false when the body is not well-formed XML.
        /// </summary>
        /// <param name="body">Body of the 200 OK.</param>
        /// <param name="groups">The groups asked for.</param>
        /// <param name="codes">Receives the response code of each, 0 where the response names none.</param>
        public static bool TryReadResponse(byte[] body, KeyGroup[] groups, int[] codes)
        {
            byte[] domain = null;
            byte[] mskId = null;
            int code = 0;
            bool root = false;
            XmlScanner xml = new XmlScanner(Octets.ToText(body));
            while (xml.Read())
            {
                if (xml.IsStart)
                {
                    root |= xml.Name == "mskResponse";
                    continue;
                }

                switch (xml.Name)
                {
                    case "keyDomainID":
                        domain = Octets.FromBase64(xml.Text);
                        break;
                    case "MSKID":
                        mskId = Octets.FromBase64(xml.Text);
                        break;
                    case "responseCode":
                        int number;
                        code = int.TryParse(xml.Text, out number) ? number : 0;
                        break;
                    case "MSK":
                        Assign(groups, codes, domain, mskId, code);
                        domain = null;
                        mskId = null;
                        code = 0;
                        break;
                }
            }

            return root && !xml.Broken;
        }

        private static KeyGroup[] GroupsOf(ArrayList batch)
        {
            KeyGroup[] groups = new KeyGroup[batch.Count];
            for (int i = 0; i < groups.Length; i++)
            {
                groups[i] = ((MskRequest)batch[i]).Group;
            }

            return groups;
        }

        private static void Assign(KeyGroup[] groups, int[] codes, byte[] domain, byte[] mskId, int code)
        {
            if (domain == null || mskId == null || domain.Length != 3 || mskId.Length < 2)
            {
                return;
            }

            KeyGroup answered = new KeyGroup(Octets.GetUInt24(domain, 0), Octets.GetUInt16(mskId, 0));
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].Is(answered))
                {
                    codes[i] = code;
                }
            }
        }
    }
}
