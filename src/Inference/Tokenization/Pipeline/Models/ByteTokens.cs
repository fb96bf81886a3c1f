using System.Globalization;

namespace ActorEmbed.Inference.Tokenization.Pipeline.Models;

/// <summary>The tokens that spell a byte: <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class ByteTokens
{
    /// <summary>How a byte is written in a vocabulary.</summary>
    public static string Of(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The ids of all bytes; -1 for one that has none.</summary>
    public static int[] IdsOf(IReadOnlyDictionary<string, int> vocabulary)
    {
        var ids = new int[byte.MaxValue + 1];
        for (var value = 0; value < ids.Length; value++)
            ids[value] = vocabulary.GetValueOrDefault(Of((byte)value), -1);
        return ids;
    }
}
