using System.Collections;
using MbmsMe.Keys;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Configuration
{
    /// <summary>
    /// The BM-SCs of a configuration, one object for each FQDN: the FQDN is part of NAF_Id and of IDi, so two of the same name
    /// would share their keys.
    /// </summary>
    internal sealed class BmscTable
    {
        private readonly ArrayList _all = new ArrayList();

        /// <summary>The one that was read first.</summary>
        public BmscAddress First
        {
            get { return (BmscAddress)_all[0]; }
        }

        /// <summary>All so far, in the order they came.</summary>
        public BmscAddress[] ToArray()
        {
            BmscAddress[] all = new BmscAddress[_all.Count];
            _all.CopyTo(all);
            return all;
        }

        /// <summary>Reads a section with url and fqdn.</summary>
        public BmscAddress Read(JsonSection section)
        {
            string url = Url(section);
            string fqdn = section.Text("fqdn", "a fully qualified domain name, such as \"bmsc.example.org\"", Formats.IsFqdn);
            section.RefuseOthers();
            BmscAddress known = Find(fqdn.ToLower());
            if (known == null)
            {
                known = Add(url, fqdn);
            }
            else if (known.Url != url)
            {
                throw section.Wrong("url", "the same URL wherever this fqdn stands");
            }

            return known ?? throw section.Wrong("fqdn", Limit);
        }

        /// <summary>
        /// The BM-SC of an announced serverURI: the one of that URL or of its host's name, else a new one.
        /// </summary>
        /// <param name="url">An URL that <see cref="Formats.IsUrl"/> takes.</param>
        /// <param name="expected">What is expected instead, or null.</param>
        public BmscAddress Announced(string url, out string expected)
        {
            expected = null;
            for (int i = 0; i < _all.Count; i++)
            {
                if (((BmscAddress)_all[i]).Url == url)
                {
                    return (BmscAddress)_all[i];
                }
            }

            string host = Formats.HostNameOf(url);
            if (host == null || !Formats.IsFqdn(host))
            {
                expected = "a serverURI with a domain name as host; the FQDN cannot be had from this one: give the service a \"bmsc\"";
                return null;
            }

            BmscAddress named = Find(host) ?? Add(url, host);
            expected = named == null ? Limit : null;
            return named;
        }

        /// <summary>The key url of a section.</summary>
        public static string Url(JsonSection section)
        {
            return section.Text("url", "an http:// or https:// URL", Formats.IsUrl);
        }

        private static string Limit
        {
            get { return "at most " + KeyState.MaxBmscs + " different BM-SCs in all"; }
        }

        private BmscAddress Find(string fqdn)
        {
            for (int i = 0; i < _all.Count; i++)
            {
                if (((BmscAddress)_all[i]).Fqdn == fqdn)
                {
                    return (BmscAddress)_all[i];
                }
            }

            return null;
        }

        private BmscAddress Add(string url, string fqdn)
        {
            if (_all.Count == KeyState.MaxBmscs)
            {
                return null;
            }

            BmscAddress added = new BmscAddress(url, fqdn);
            _all.Add(added);
            return added;
        }
    }
}
