using ActorEmbed.Inference.Tokenization.SentencePiece;

namespace ActorEmbed.Inference.Tests.Tokenization;

public sealed class DoubleArrayTrieTests
{
    [Fact]
    public void Every_key_is_found_and_nothing_else()
    {
        var random = new Random(3);
        var keys = new Dictionary<string, int>();
        while (keys.Count < 20_000)
            keys[RandomKey(random)] = keys.Count;
        var trie = Build(keys);

        foreach (var (key, value) in keys)
            Assert.Equal(value, Find(trie, key));
        for (var i = 0; i < 20_000; i++)
        {
            var key = RandomKey(random);
            Assert.Equal(keys.GetValueOrDefault(key, -1), Find(trie, key));
        }
    }

    [Fact]
    public void A_walk_meets_the_keys_that_are_prefixes_of_each_other()
    {
        var trie = Build(new() { ["a"] = 7, ["abc"] = 8, ["abcd"] = 9 });
        Assert.Equal((7, -1, 8, 9), (Find(trie, "a"), Find(trie, "ab"), Find(trie, "abc"), Find(trie, "abcd")));
    }

    [Fact]
    public void Of_equal_keys_the_highest_value_counts()
    {
        var trie = DoubleArrayTrieBuilder.Build([1, 2], [new(0, 2, 5), new(0, 2, 6), new(0, 2, 4)]);
        Assert.Equal(6, Find(trie, "\u0001\u0002"));
    }

    [Fact]
    public void A_trie_without_keys_finds_nothing() => Assert.Equal(-1, Find(Build([]), "a"));

    private static string RandomKey(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)random.Next(random.Next(2, 5), 128)));

    private static DoubleArrayTrie Build(Dictionary<string, int> keys)
    {
        var source = new List<byte>();
        var trieKeys = new List<TrieKey>();
        foreach (var (key, value) in keys)
        {
            trieKeys.Add(new TrieKey(source.Count, key.Length, value));
            source.AddRange(key.Select(c => (byte)c));
        }

        return DoubleArrayTrieBuilder.Build([.. source], [.. trieKeys]);
    }

    private static int Find(DoubleArrayTrie trie, string key)
    {
        var state = trie.Root;
        var value = -1;
        foreach (var c in key)
        {
            if (!trie.TryStep(ref state, (byte)c, out value))
                return -1;
        }

        return value;
    }
}
