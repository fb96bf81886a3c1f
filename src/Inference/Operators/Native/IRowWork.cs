namespace ActorEmbed.Inference.Operators.Native;

/// <summary>What an operator does with its rows. What becomes of a row may depend on nothing but the row.</summary>
internal interface IRowWork
{
    /// <param name="first">The first row.</param>
    /// <param name="end">The one behind the last.</param>
    void Run(int first, int end);
}
