using System.Buffers;

namespace ActorEmbed.Inference.Tokenization.SentencePiece;

/// <summary>
/// The best ways to the places of a very long word. Only the length of the last piece is kept of each; scores are kept as
/// far as a piece reaches.
/// </summary>
internal sealed class LongWordPaths : IDisposable
{
    public const int MaxBytesOfCharacter = 4;

    private const ushort UnknownFlag = 0x8000;

    private readonly ushort[] _lengths;
    private readonly double[] _scores;
    private readonly int _wordLength;
    private bool _isReversed;

    /// <param name="wordLength">Bytes of the word.</param>
    /// <param name="longestPieceBytes">Bytes of the longest piece, below 32,768.</param>
    public LongWordPaths(int wordLength, int longestPieceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(longestPieceBytes, UnknownFlag);
        _wordLength = wordLength;
        _lengths = ArrayPool<ushort>.Shared.Rent(wordLength + 1);
        _lengths.AsSpan(0, wordLength + 1).Clear();
        _scores = new double[longestPieceBytes + 1];
    }

    /// <summary>Bytes of the character that begins with a byte.</summary>
    public static int CharacterLength(byte lead) => lead switch
    {
        < 0xC0 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    /// <summary>The score of the best way to a place that has been reached.</summary>
    public double ScoreAt(int place) => _scores[place % _scores.Length];

    /// <summary>Takes a way to <paramref name="end"/> if it is better than the one known.</summary>
    public void Improve(double score, int start, int end, bool isUnknown)
    {
        ref var known = ref _scores[end % _scores.Length];
        if (_lengths[end] != 0 && score <= known)
            return;
        known = score;
        _lengths[end] = (ushort)((end - start) | (isUnknown ? UnknownFlag : 0));
    }

    /// <summary>Turns the best way to the end round, so that it can be followed from the start.</summary>
    public void Reverse()
    {
        var place = _wordLength;
        for (var last = _lengths[place]; place > 0;)
        {
            var start = place - (last & ~UnknownFlag);
            (_lengths[start], last) = (last, _lengths[start]);
            place = start;
        }

        _isReversed = true;
    }

    /// <summary>Where the piece ends that starts at a place of the best way; a run of unknown ones counts as one.</summary>
    public int EndFrom(int start, out bool isUnknown)
    {
        if (!_isReversed)
            throw new InvalidOperationException("The way is known from its end only.");
        isUnknown = (_lengths[start] & UnknownFlag) != 0;
        var end = start + (_lengths[start] & ~UnknownFlag);
        while (isUnknown && end < _wordLength && (_lengths[end] & UnknownFlag) != 0)
            end += _lengths[end] & ~UnknownFlag;
        return end;
    }

    public void Dispose() => ArrayPool<ushort>.Shared.Return(_lengths);
}
