using System.Numerics;

namespace ActorEmbed.Inference.Operators.Rows;

/// <summary>An activation of the feed-forward block.</summary>
internal interface IActivationLanes
{
    static abstract Vector<float> Of(Vector<float> x);
}
