using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Text;

namespace MbmsMe.Control
{
    /// <summary>What the user says to the ME: one line of text in, one line of JSON out.</summary>
    /// <remarks>
    /// A reply has "ok"; when it is false, "error" says what to do. No reply holds key material. On the worker's thread only.
    /// </remarks>
    public sealed class CommandConsole
    {
        /// <summary>Octets of a line at most, without its end.</summary>
        public const int MaxLineLength = 1024;

        private const string Commands = "activate, deactivate, register, deregister, services, keys, help";

        private readonly MobileEquipment _me;

        /// <summary>Makes it.</summary>
        public CommandConsole(MobileEquipment me)
        {
            _me = me;
        }

        /// <summary>Does what a line says.</summary>
        /// <param name="line">The command and, behind a space, what it is about. Spaces around both are passed over.</param>
        /// <returns>The reply, without line break.</returns>
        public string Execute(string line)
        {
            string text = line.Trim();
            int space = text.IndexOf(' ');
            string command = space < 0 ? text : text.Substring(0, space);
            string about = space < 0 ? string.Empty : text.Substring(space + 1).Trim();
            switch (command)
            {
                case "activate":
                case "deactivate":
                case "register":
                case "deregister":
                    return Order(command, about);
                case "services":
                case "keys":
                case "help":
                    return about.Length == 0 ? Tell(command) : Failure(command + " takes nothing behind it");
                default:
                    return Failure((command.Length == 0 ? "no command" : "unknown command " + command) + "; expected one of " + Commands);
            }
        }

        /// <summary>The reply to what was not done.</summary>
        /// <param name="error">Why not, and what to do.</param>
        public static string Failure(string error)
        {
            return new JsonWriter().OpenObject().Name("ok").Value(false).Name("error").Value(error).CloseObject().ToString();
        }

        private string Order(string command, string service)
        {
            if (service.Length == 0)
            {
                return Failure(command + " needs the ID of a service behind it; the command services tells them");
            }

            Service found = _me.Services.Find(service);
            if (found == null)
            {
                return Failure("no service " + service + " in the configuration; the command services tells those there are");
            }

            string error = Order(_me, command, service);
            if (error != null)
            {
                return Failure(error);
            }

            return Begin().Name("service").Value(service).Name("state").Value(StateText(found.State)).CloseObject().ToString();
        }

        private static string Order(MobileEquipment me, string command, string service)
        {
            switch (command)
            {
                case "activate":
                    return me.Activate(service);
                case "deactivate":
                    return me.Deactivate(service);
                case "register":
                    return me.Register(service);
                default:
                    return me.Deregister(service);
            }
        }

        private string Tell(string what)
        {
            JsonWriter reply = Begin();
            switch (what)
            {
                case "services":
                    TellServices(reply.Name(what).OpenList());
                    break;
                case "keys":
                    TellKeys(reply.Name("msks").OpenList());
                    break;
                default:
                    TellCommands(reply.Name("commands").OpenList());
                    break;
            }

            return reply.CloseList().CloseObject().ToString();
        }

        private void TellServices(JsonWriter reply)
        {
            for (int i = 0; i < _me.Services.Count; i++)
            {
                Service service = _me.Services[i];
                reply.OpenObject().Name("id").Value(service.Id).Name("state").Value(StateText(service.State))
                    .Name("bmsc").Value(service.Bmsc.Fqdn).Name("groups").OpenList();
                for (int j = 0; j < service.Groups.Length; j++)
                {
                    KeyGroup group = service.Groups[j];
                    reply.OpenObject().Name("keyDomain").Value(group.DomainText).Name("keyGroup").Value(group.GroupText)
                        .Name("mskIds").OpenList();
                    TellMskIds(reply, group);
                    reply.CloseList().CloseObject();
                }

                reply.CloseList().CloseObject();
            }
        }

        private void TellMskIds(JsonWriter reply, KeyGroup group)
        {
            ArrayList msks = _me.Keys == null ? new ArrayList() : _me.Keys.Msks;
            for (int i = 0; i < msks.Count; i++)
            {
                Msk msk = (Msk)msks[i];
                if (msk.Group.Is(group))
                {
                    reply.Value(msk.IdText);
                }
            }
        }

        private void TellKeys(JsonWriter reply)
        {
            ArrayList msks = _me.Keys == null ? new ArrayList() : _me.Keys.Msks;
            for (int i = 0; i < msks.Count; i++)
            {
                Msk msk = (Msk)msks[i];
                reply.OpenObject().Name("keyDomain").Value(msk.Group.DomainText).Name("keyGroup").Value(msk.Group.GroupText)
                    .Name("mskId").Value(msk.IdText).Name("seqLow").Value(msk.Window.SeqLow).Name("seqHigh").Value(msk.Window.SeqHigh);
                if (msk.Window.Mtk != null)
                {
                    reply.Name("mtkId").Value(LastMtkId(msk));
                }

                reply.CloseObject();
            }
        }

        // The MTK ID is what follows the MSK ID in the MKI; MSK and MTK may have come in different profiles.
        private static long LastMtkId(Msk msk)
        {
            byte[] mki = msk.Window.Mtk.Mki;
            bool release6 = mki.Length > 4 && Octets.GetUInt16(mki, 0) == msk.Group.Group && Octets.GetUInt16(mki, 2) == msk.Number;
            long id = 0;
            for (int i = release6 ? 4 : 2; i < mki.Length; i++)
            {
                id = (id << 8) | mki[i];
            }

            return id;
        }

        private static void TellCommands(JsonWriter reply)
        {
            reply.Value("activate <service>: receive it, get its MSKs")
                .Value("deactivate <service>: receive it no longer, forget the MSKs that only it needs")
                .Value("register <service>: tell its BM-SC to send its MSKs")
                .Value("deregister <service>: tell its BM-SC to send them no longer")
                .Value("services: every service, its state, BM-SC and Key Groups, and the IDs of the MSKs held")
                .Value("keys: every MSK held: its ID, its interval of MTK IDs, the MTK ID accepted last")
                .Value("help: this");
        }

        private static JsonWriter Begin()
        {
            return new JsonWriter().OpenObject().Name("ok").Value(true);
        }

        private static string StateText(ServiceState state)
        {
            return state == ServiceState.Active ? "active" : state == ServiceState.Left ? "left" : "inactive";
        }
    }
}
