namespace ActorEmbed.Client.Tests;

public sealed class TimeLimitTests
{
    /// <summary>A test that waits for a process would otherwise wait for ever when it fails.</summary>
    [Fact]
    public void Every_test_that_waits_has_a_limit()
    {
        var tests = typeof(TimeLimitTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => (Method: method, Fact: method.GetCustomAttributes(typeof(FactAttribute), true).Cast<FactAttribute>().SingleOrDefault()))
            .Where(test => test.Fact is not null && test.Method.ReturnType != typeof(void))
            .ToArray();

        Assert.NotEmpty(tests);
        Assert.All(tests, test => Assert.True(test.Fact!.Timeout > 0, $"{test.Method.Name} has no Timeout."));
    }
}
