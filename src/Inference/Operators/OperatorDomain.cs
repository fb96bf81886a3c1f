using ActorEmbed.Inference.Operators.Native;
using Microsoft.ML.OnnxRuntime;

namespace ActorEmbed.Inference.Operators;

/// <summary>All operators of our own, for sessions on the processor. They are made once and live as long as the process.</summary>
internal static unsafe class OperatorDomain
{
    /// <summary>How nodes and the graph's imports call it.</summary>
    public const string Name = "actorembed";

    /// <summary>Of the domain, in a graph's imports.</summary>
    public const int Version = 1;

    private static readonly nint Domain = Create(
        QuantizeTokens.Operator, MultiplyBytes.Operator, ActivateTokens.Operator, NormalizeTokens.Operator, AttendTokens.Operator);

    /// <summary>Lets the session find the operators.</summary>
    public static void AddTo(SessionOptions options)
    {
        var isHeld = false;
        try
        {
            options.DangerousAddRef(ref isHeld);
            OnnxApi.AddDomain(options.DangerousGetHandle(), Domain);
        }
        finally
        {
            if (isHeld)
                options.DangerousRelease();
        }
    }

    private static nint Create(params ReadOnlySpan<Operator> operators)
    {
        var domain = OnnxApi.CreateDomain(Name);
        foreach (var known in operators)
            OnnxApi.AddToDomain(domain, OperatorCallbacks.Describe(known));
        return domain;
    }
}
