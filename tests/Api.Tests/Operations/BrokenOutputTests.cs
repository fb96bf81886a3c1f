using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace ActorEmbed.Api.Tests.Operations;

public sealed class BrokenOutputTests
{
    [Fact]
    public async Task A_server_that_cannot_tell_that_it_is_ready_ends_with_an_error()
    {
        await using var server = await TestServer.StartAsync(replace: services => services.AddSingleton<TextWriter>(new BrokenWriter()));

        await server.WaitForShutdownAsync();

        Assert.Equal(ExitCode.Unexpected, server.Lifecycle.ExitCode);
    }

    private sealed class BrokenWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
