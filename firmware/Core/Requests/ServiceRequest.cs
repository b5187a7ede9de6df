using System.Collections;
using System.Text;
using MbmsMe.Binary;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Requests
{
    /// <summary>
    /// What registration and deregistration have in common: the bodies of their requests and responses (TS 33.246 clause
    /// 6.3.2.1A, TS 26.346 clause 11).
    /// </summary>
    internal abstract class ServiceRequest : Request
    {
        /// <summary>Makes it.</summary>
        /// <param name="type">Value of the query parameter requesttype.</param>
        /// <param name="service">The service.</param>
        protected ServiceRequest(string type, Service service)
            : base(type, service.Bmsc)
        {
            Service = service;
        }

        /// <summary>The service.</summary>
        public Service Service { get; }

        /// <inheritdoc/>
        public override string AnswerName
        {
            get { return "registerResponse"; }
        }

        /// <inheritdoc/>
        public override bool Is(Request other)
        {
            ServiceRequest same = other as ServiceRequest;
            return same != null && same.Type == Type && same.Service == Service;
        }

        /// <inheritdoc/>
        /// <remarks>Of registration and deregistration the one decided on last counts.</remarks>
        public override bool Ends(Request other)
        {
            ServiceRequest former = other as ServiceRequest;
            return former != null && former.Service == Service && former.Type != Type;
        }

        /// <inheritdoc/>
        public override RequestMessage Write(ArrayList batch)
        {
            StringBuilder xml = new StringBuilder(256);
            xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><").Append(Type)
                .Append(" xmlns=\"urn:3GPP:metadata:2005:MBMS:").Append(Type).Append("\">");
            for (int i = 0; i < batch.Count; i++)
            {
                xml.Append("<serviceID>");
                AppendEscaped(xml, ((ServiceRequest)batch[i]).Service.Id);
                xml.Append("</serviceID>");
            }

            byte[] body = Octets.FromText(xml.Append("</").Append(Type).Append('>').ToString());
            return new RequestMessage(Type, "application/mbms-" + Type + "+xml", body);
        }

        /// <inheritdoc/>
        public override bool TryReadResponse(byte[] body, ArrayList batch, int[] codes)
        {
            string id = null;
            int code = 0;
            bool root = false;
            XmlScanner xml = new XmlScanner(Octets.ToText(body));
            while (xml.Read())
            {
                if (xml.IsStart)
                {
                    root |= xml.Name == "registerResponse";
                    continue;
                }

                switch (xml.Name)
                {
                    case "serviceID":
                        id = xml.Text;
                        break;
                    case "responseCode":
                        int number;
                        code = int.TryParse(xml.Text, out number) ? number : 0;
                        break;
                    case "service":
                        for (int i = 0; i < codes.Length; i++)
                        {
                            codes[i] = ((ServiceRequest)batch[i]).Service.Id == id ? code : codes[i];
                        }

                        id = null;
                        code = 0;
                        break;
                }
            }

            return root && !xml.Broken;
        }

        /// <inheritdoc/>
        public override MeEvent About(string name)
        {
            return new MeEvent(name).With("service", Service.Id);
        }

        private static void AppendEscaped(StringBuilder xml, string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '&':
                        xml.Append("&amp;");
                        break;
                    case '<':
                        xml.Append("&lt;");
                        break;
                    case '>':
                        xml.Append("&gt;");
                        break;
                    default:
                        xml.Append(text[i]);
                        break;
                }
            }
        }
    }
}
