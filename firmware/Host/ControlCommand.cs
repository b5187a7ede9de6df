using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MbmsMe.Configuration;

namespace MbmsMe.Host;

/// <summary>The subcommand control: hands one command to the ME that runs with the same configuration.</summary>
internal static class ControlCommand
{
    private const int ExitOk = 0;
    private const int ExitRefused = 1;
    private const int ExitUsage = 2;

    // The ME waits for its worker at most so long, and then says so.
    private static readonly TimeSpan s_timeout = ControlServer.AskTimeout + TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "The configuration of the running ME.", Required = true };
        var words = new Argument<string[]>("command")
        {
            Description = "activate, deactivate, register or deregister and the ID of a service; services; keys; help.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "control",
            "Says something to the ME that runs with this configuration, and prints its reply, one line of JSON. "
            + "Exit code 0: done; 1: the ME says no, or none is running; 2: wrong command line or configuration.")
        {
            config,
            words,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(config).FullName, string.Join(' ', parsed.GetRequiredValue(words))));
        return command;
    }

    private static int Run(string path, string line)
    {
        try
        {
            var socket = HostFiles.ReadConfiguration(path).ControlSocket;
            if (socket is null)
            {
                return Complain(ExitUsage, $"{path}: control.socket: missing; expected the path of the running ME's socket: add it and restart the ME");
            }

            return Ask(socket, line);
        }
        catch (ConfigurationException wrong)
        {
            return Complain(ExitUsage, $"{path}: {wrong.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Complain(ExitUsage, failure.Message);
        }
    }

    private static int Ask(string path, string line)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(ControlServer.EndPoint(path));
            socket.ReceiveTimeout = (int)s_timeout.TotalMilliseconds;
            socket.Send(Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"));
            using var replies = new StreamReader(new NetworkStream(socket));
            if (replies.ReadLine() is { } reply)
            {
                Console.WriteLine(reply);
                using var document = JsonDocument.Parse(reply);
                return document.RootElement.GetProperty("ok").GetBoolean() ? ExitOk : ExitRefused;
            }

            return Complain(ExitRefused, $"control.socket: the ME at {path} ended before it replied; start it again");
        }
        catch (ControlSocketException failure)
        {
            return Complain(ExitRefused, $"control.socket: cannot use {path}: {failure.Message}");
        }
        catch (SocketException)
        {
            return Complain(
                ExitRefused,
                $"control.socket: no ME answers at {path}; start it with this configuration, in this directory if the path is relative");
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return Complain(ExitRefused, $"control.socket: no reply from {path}: {failure.Message}");
        }
    }

    private static int Complain(int exitCode, string message)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
