using System;
using System.Collections;
using System.IO;
using MbmsMe.Announcement;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Configuration
{
    /// <summary>
    /// Reads the services of a configuration together with their announcements. What stands in the service's own keys wins.
    /// </summary>
    internal sealed class ServiceReader
    {
        private const string DomainFormat = "6 hexadecimal digits (3 octets)";
        private const string GroupFormat = "4 hexadecimal digits (2 octets), not 0000";
        private const string AllAddresses = "0.0.0.0";
        private const string AddressFormat = "IPv4 address and UDP port, such as \"239.255.1.1:5004\"";

        private readonly MeConfiguration _root;
        private readonly BmscTable _bmscs;
        private readonly FileReader _files;
        private readonly ArrayList _notices;
        private readonly ArrayList _groups = new ArrayList();

        /// <summary>Makes it.</summary>
        /// <param name="root">What services fall back to: its back-off, already read.</param>
        /// <param name="bmscs">Holds the BM-SC they fall back to; gets those of the services.</param>
        /// <param name="files">Reads announcements, or null where there are no files.</param>
        /// <param name="notices">Gets <see cref="MeConfiguration.Notices"/>.</param>
        public ServiceReader(MeConfiguration root, BmscTable bmscs, FileReader files, ArrayList notices)
        {
            _root = root;
            _bmscs = bmscs;
            _files = files;
            _notices = notices;
        }

        /// <summary>Reads them all.</summary>
        public ServiceSettings[] Read(JsonSection[] sections)
        {
            // All before the first announcement: its serverURI may be that of a later service.
            BmscAddress[] own = new BmscAddress[sections.Length];
            for (int i = 0; i < sections.Length; i++)
            {
                own[i] = sections[i].Has("bmsc") ? _bmscs.Read(sections[i].Section("bmsc")) : null;
            }

            ServiceSettings[] services = new ServiceSettings[sections.Length];
            for (int i = 0; i < sections.Length; i++)
            {
                services[i] = ReadService(sections[i], own[i]);
                CompareWithEarlier(sections[i], services, i);
            }

            return services;
        }

        private ServiceSettings ReadService(JsonSection section, BmscAddress bmsc)
        {
            string id = section.Text("id", "the service's ID", Formats.IsPresent);
            SecurityDescription announced = ReadAnnouncement(section, id);
            int domain = section.Has("keyDomain")
                ? Octets.GetUInt24(Octets.FromHex(section.Text("keyDomain", DomainFormat, Formats.IsKeyDomain)), 0)
                : -1;
            KeyGroup[] groups = ReadGroups(section, domain, announced);
            ServiceSettings service = new ServiceSettings(id, groups)
            {
                Bmsc = bmsc ?? AnnouncedBmsc(section, announced),
                MtkGroup = ReadMtkGroup(section),
                Flows = ReadFlows(section, domain, groups, announced),
                Registers = section.Flag("register", false),
                StartsActive = section.Flag("active", true),
            };
            ReadBackoff(section, announced, service);
            section.RefuseOthers();
            return service;
        }

        private SecurityDescription ReadAnnouncement(JsonSection section, string service)
        {
            if (!section.Has("announcement"))
            {
                return new SecurityDescription();
            }

            string path = section.Text("announcement", "the path of a security description (XML)", Formats.IsPresent);
            if (_files == null)
            {
                throw section.Wrong("announcement", "none, because no file can be read here");
            }

            try
            {
                SecurityDescription announced = SecurityDescription.Parse(_files(path));
                if (announced.UiccKeyManagement)
                {
                    _notices.Add(new MeEvent("me-based-keys").With("service", service).With(
                        "reason", "the announcement asks for keys in the UICC; this one has no MBMS functions (TS 33.246 clause 6.1)"));
                }

                return announced;
            }
            catch (IOException failure)
            {
                throw section.Wrong("announcement", "a file that can be read: " + failure.Message);
            }
            catch (FormatException failure)
            {
                throw section.Wrong("announcement", "a security description (XML); in " + path + ": " + failure.Message);
            }
        }

        private KeyGroup[] ReadGroups(JsonSection section, int domain, SecurityDescription announced)
        {
            ArrayList own = new ArrayList();
            bool fromAnnouncement = announced.Keys.Length > 0 && !section.Has("keyGroups");
            if (fromAnnouncement)
            {
                for (int i = 0; i < announced.Keys.Length; i++)
                {
                    AddDistinct(own, GroupOf(section, domain, announced.Keys[i]));
                }
            }
            else
            {
                if (domain < 0)
                {
                    throw section.Wrong("keyDomain", DomainFormat);
                }

                string[] parts = section.Texts("keyGroups", GroupFormat, Formats.IsKeyGroup);
                for (int i = 0; i < parts.Length; i++)
                {
                    AddDistinct(own, new KeyGroup(domain, Number(parts[i])));
                }
            }

            KeyGroup[] groups = new KeyGroup[own.Count];
            own.CopyTo(groups);
            for (int i = 0; i < groups.Length; i++)
            {
                AddDistinct(_groups, groups[i]);
            }

            if (_groups.Count > KeyState.MaxGroups)
            {
                throw section.Wrong(
                    fromAnnouncement ? "announcement" : "keyGroups",
                    "at most " + KeyState.MaxGroups + " different Key Groups in all services");
            }

            return groups;
        }

        private static KeyGroup GroupOf(JsonSection section, int domain, AnnouncedKey key)
        {
            if (key.KeyDomain < 0 && domain < 0)
            {
                throw section.Wrong("keyDomain", DomainFormat + ", because the announcement has a keyId without keyDomainID");
            }

            return new KeyGroup(key.KeyDomain < 0 ? domain : key.KeyDomain, key.KeyGroup);
        }

        private BmscAddress AnnouncedBmsc(JsonSection section, SecurityDescription announced)
        {
            if (announced.ServerUri == null)
            {
                return _bmscs.First;
            }

            string expected;
            return _bmscs.Announced(announced.ServerUri, out expected) ?? throw section.Wrong("announcement", expected);
        }

        private static UdpAddress ReadMtkGroup(JsonSection section)
        {
            if (!section.Has("mtk"))
            {
                return null;
            }

            JsonSection mtk = section.Section("mtk");
            string group = mtk.Text("group", "IPv4 multicast address and UDP port, such as \"239.255.1.1:2269\"", Formats.IsMulticast);
            mtk.RefuseOthers();
            return Formats.AddressOf(group);
        }

        private void ReadBackoff(JsonSection section, SecurityDescription announced, ServiceSettings service)
        {
            if (section.Has("backoff"))
            {
                JsonSection backoff = section.Section("backoff");
                service.Backoff = new BackoffSettings(
                    backoff.Number("offsetSeconds", 0, Formats.MaxBackoffSeconds), backoff.Number("randomSeconds", 0, Formats.MaxBackoffSeconds));
                backoff.RefuseOthers();
                return;
            }

            service.Backoff = new BackoffSettings(
                announced.WaitSeconds < 0 ? _root.Backoff.OffsetSeconds : announced.WaitSeconds,
                announced.MaxBackoffSeconds < 0 ? _root.Backoff.RandomSeconds : announced.MaxBackoffSeconds);
        }

        // A flow that is announced and stands in sessions too gets from there what stands there.
        private MediaFlow[] ReadFlows(JsonSection section, int domain, KeyGroup[] groups, SecurityDescription announced)
        {
            ArrayList listed = AnnouncedFlows(section, domain, groups, announced);
            ArrayList flows = new ArrayList();
            if (section.Has("sessions"))
            {
                JsonSection[] sessions = section.Sections("sessions");
                for (int i = 0; i < sessions.Length; i++)
                {
                    flows.Add(ReadSession(sessions[i], domain, groups, listed, flows));
                }
            }

            for (int i = 0; i < listed.Count; i++)
            {
                if (Find(flows, ((MediaFlow)listed[i]).Address) == null)
                {
                    flows.Add(listed[i]);
                }
            }

            JsonSection protection = section.Has("protection") ? section.Section("protection") : new JsonSection(new Hashtable(), string.Empty);
            bool confidentiality = protection.Flag("confidentiality", announced.Confidentiality);
            bool integrity = protection.Flag("integrity", announced.Integrity);
            protection.RefuseOthers();
            MediaFlow[] all = new MediaFlow[flows.Count];
            for (int i = 0; i < all.Length; i++)
            {
                all[i] = (MediaFlow)flows[i];
                all[i].Confidentiality = confidentiality;
                all[i].Integrity = integrity;
                if (all[i].Address.Port == _root.Listen.Port && _root.Listen.Address == AllAddresses)
                {
                    throw section.Wrong(
                        section.Has("sessions") ? "sessions" : "announcement",
                        "streams at other ports than " + _root.Listen.Port + ", which mikey.listen takes at all addresses");
                }
            }

            return all;
        }

        private static ArrayList AnnouncedFlows(JsonSection section, int domain, KeyGroup[] groups, SecurityDescription announced)
        {
            ArrayList flows = new ArrayList();
            for (int i = 0; i < announced.Keys.Length; i++)
            {
                AnnouncedKey key = announced.Keys[i];
                KeyGroup group = GroupOf(section, domain, key);
                for (int j = 0; j < key.Flows.Length; j++)
                {
                    MediaFlow known = Find(flows, key.Flows[j]);
                    if (known == null)
                    {
                        flows.Add(Flow(key.Flows[j], group));
                    }
                    else if (!known.Group.Is(group))
                    {
                        throw section.Wrong("announcement", "each mediaFlow under one Key Group only");
                    }
                }
            }

            // The service's own keyGroups may be fewer than are announced: then it is received without the others' flows.
            for (int i = flows.Count - 1; i >= 0; i--)
            {
                MediaFlow flow = (MediaFlow)flows[i];
                if (!IsOneOf(groups, flow.Group))
                {
                    flows.RemoveAt(i);
                }
            }

            return flows;
        }

        private static MediaFlow ReadSession(JsonSection session, int domain, KeyGroup[] groups, ArrayList announced, ArrayList earlier)
        {
            UdpAddress address = Formats.AddressOf(session.Text("flow", AddressFormat, Formats.IsDestination));
            if (Find(earlier, address) != null)
            {
                throw session.Wrong("flow", "an address and port that no other session of the service has");
            }

            MediaFlow known = Find(announced, address);
            MediaFlow flow;
            if (session.Has("keyGroup"))
            {
                flow = Flow(address, Pick(session, domain, groups));
            }
            else if (known != null)
            {
                flow = known;
            }
            else if (groups.Length == 1)
            {
                flow = Flow(address, groups[0]);
            }
            else
            {
                throw session.Wrong("keyGroup", "one of the service's Key Groups, because it has several");
            }

            if (session.Has("output"))
            {
                flow.Output = Formats.AddressOf(session.Text("output", AddressFormat, Formats.IsDestination));
                if (flow.Output.Is(address))
                {
                    throw session.Wrong("output", "another address and port than the flow's");
                }
            }

            session.RefuseOthers();
            return flow;
        }

        private static KeyGroup Pick(JsonSection session, int domain, KeyGroup[] groups)
        {
            int number = Number(session.Text("keyGroup", GroupFormat, Formats.IsKeyGroup));
            KeyGroup picked = null;
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].Group != number)
                {
                    continue;
                }

                if (groups[i].Domain == domain)
                {
                    return groups[i];
                }

                if (picked != null)
                {
                    throw session.Wrong("keyGroup", "a Key Group that the service has in one Key Domain only");
                }

                picked = groups[i];
            }

            return picked ?? throw session.Wrong("keyGroup", "one of the service's Key Groups");
        }

        private static void CompareWithEarlier(JsonSection section, ServiceSettings[] services, int index)
        {
            ServiceSettings service = services[index];
            for (int i = 0; i < index; i++)
            {
                if (services[i].Id == service.Id)
                {
                    throw section.Wrong("id", "an ID that no other service has");
                }

                for (int j = 0; j < service.Groups.Length; j++)
                {
                    if (services[i].Bmsc != service.Bmsc && services[i].Uses(service.Groups[j]))
                    {
                        KeyGroup shared = service.Groups[j];
                        throw section.Wrong(
                            section.Has("bmsc") ? "bmsc" : "keyGroups",
                            "the BM-SC of services[" + i + "], which has the Key Group " + shared.DomainText + " " + shared.GroupText + " too");
                    }
                }
            }
        }

        private static MediaFlow Flow(UdpAddress address, KeyGroup group)
        {
            return new MediaFlow { Address = address, Group = group };
        }

        private static MediaFlow Find(ArrayList flows, UdpAddress address)
        {
            for (int i = 0; i < flows.Count; i++)
            {
                if (((MediaFlow)flows[i]).Address.Is(address))
                {
                    return (MediaFlow)flows[i];
                }
            }

            return null;
        }

        private static bool IsOneOf(KeyGroup[] groups, KeyGroup group)
        {
            for (int i = 0; i < groups.Length; i++)
            {
                if (groups[i].Is(group))
                {
                    return true;
                }
            }

            return false;
        }

        private static int Number(string keyGroup)
        {
            return Octets.GetUInt16(Octets.FromHex(keyGroup), 0);
        }

        private static void AddDistinct(ArrayList groups, KeyGroup group)
        {
            if (!group.IsIn(groups))
            {
                groups.Add(group);
            }
        }
    }
}
