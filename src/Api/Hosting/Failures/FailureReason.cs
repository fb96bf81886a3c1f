using System.Net.Sockets;
using System.Text.Json;
using ActorEmbed.Inference.Hub;

namespace ActorEmbed.Api.Hosting.Failures;

/// <summary>Why a process gave up, in one word that a parent can branch on. docs/server.md lists them.</summary>
internal static class FailureReason
{
    public const string Model = "model";
    public const string Device = "device";
    public const string Inference = "inference";
    public const string MissingRuntime = "missingRuntime";
    public const string PortInUse = "portInUse";
    public const string PortReserved = "portReserved";
    public const string CannotListen = "cannotListen";
    private const string Options = "options";
    private const string Offline = "offline";

    public static string Of(PullFailure failure) => failure switch
    {
        PullFailure.InvalidReference or PullFailure.InvalidSettings => Options,
        PullFailure.OfflineAndAbsent => Offline,
        _ => JsonNamingPolicy.CamelCase.ConvertName(failure.ToString()),
    };

    /// <summary>Taken by another program, or kept back by the system: on Windows for virtual machines, elsewhere below 1024.</summary>
    public static string OfListening(Exception cause)
    {
        for (Exception? e = cause; e is not null; e = e.InnerException)
        {
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } or Microsoft.AspNetCore.Connections.AddressInUseException)
                return PortInUse;
            if (e is SocketException { SocketErrorCode: SocketError.AccessDenied })
                return PortReserved;
        }

        return CannotListen;
    }
}
