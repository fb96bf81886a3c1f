using ActorEmbed.Inference.Hub;
using ActorEmbed.Inference.Repositories;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("paraphrase-multilingual-mpnet-base-v2", "sentence-transformers/paraphrase-multilingual-mpnet-base-v2")]
    [InlineData("sentence-transformers/paraphrase-multilingual-mpnet-base-v2", "sentence-transformers/paraphrase-multilingual-mpnet-base-v2")]
    [InlineData("intfloat/multilingual-e5-small", "intfloat/multilingual-e5-small")]
    [InlineData("A_b.c/1", "A_b.c/1")]
    public void A_short_name_is_completed_and_a_full_one_kept(string given, string expected)
    {
        var reference = ModelReference.Parse(given);

        Assert.Equal(expected, reference.Id);
        Assert.Equal("main", reference.Revision);
        Assert.Null(reference.Variant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/")]
    [InlineData("/b")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a..b/c")]
    [InlineData("a--b/c")]
    [InlineData("a/b.git")]
    [InlineData("a/-b")]
    [InlineData("a/b.")]
    [InlineData("a/b c")]
    [InlineData("a/b\n")]
    [InlineData("a\\b")]
    [InlineData("a/b?x=1")]
    [InlineData("a/b%2e")]
    [InlineData("a/é")]
    [InlineData("C:/model")]
    public void What_is_no_model_id_is_refused(string id)
    {
        var failure = Assert.Throws<ModelPullException>(() => ModelReference.Parse(id));

        Assert.Equal(PullFailure.InvalidReference, failure.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a\\b")]
    public void What_is_no_revision_is_refused(string revision)
    {
        Assert.Throws<ModelPullException>(() => ModelReference.Parse("a/b", revision));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".")]
    public void What_is_no_variant_is_refused(string variant)
    {
        Assert.Throws<ModelPullException>(() => ModelReference.Parse("a/b", variant: variant));
    }

    [Theory]
    [InlineData("config.json", true)]
    [InlineData("1_Pooling/config.json", true)]
    [InlineData("..a", true)]
    [InlineData("", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("../x", false)]
    [InlineData("a/../../x", false)]
    [InlineData("a/./x", false)]
    [InlineData("a//x", false)]
    [InlineData("a/", false)]
    [InlineData("a\\..\\x", false)]
    [InlineData("C:x", false)]
    [InlineData("a:stream", false)]
    [InlineData("a\0b", false)]
    public void A_name_from_the_hub_stays_inside_the_snapshot(string path, bool isSafe)
    {
        Assert.Equal(isSafe, RepositoryPath.IsSafe(path));
    }
}
