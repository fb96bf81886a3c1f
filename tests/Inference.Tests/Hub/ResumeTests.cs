using ActorEmbed.Inference.Hub;
using ActorEmbed.Tests.Shared.Hub;
using static ActorEmbed.Inference.Tests.Hub.PullBench;

namespace ActorEmbed.Inference.Tests.Hub;

public sealed class ResumeTests
{
    private const int Arrived = 1_000_000;

    [Fact]
    public async Task What_a_killed_pull_left_is_not_fetched_again()
    {
        await using var bench = await PullBench.StartAsync();
        var weights = bench.Hub.Repository[WeightsFile];
        bench.LeavePartial(WeightsFile, weights.AsSpan(0, Arrived));

        await bench.PullAsync();

        Assert.Equal(Arrived, Assert.Single(bench.Hub.RequestsFor(WeightsFile)).RangeFrom);
        Assert.Equal(weights.Length - Arrived, bench.Hub.BytesSentOf(WeightsFile));
        bench.AssertWhole(WeightsFile);
        Assert.Equal(1, bench.Progress[^1].Fraction);
    }

    [Fact]
    public async Task A_pull_killed_after_the_last_byte_asks_for_none()
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, bench.Hub.Repository[WeightsFile]);

        await bench.PullAsync();

        Assert.Empty(bench.Hub.RequestsFor(WeightsFile));
        bench.AssertWhole(WeightsFile);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Arrived - 1)]
    public async Task A_left_part_with_a_wrong_byte_is_found_out_and_everything_fetched_again(int at)
    {
        await using var bench = await PullBench.StartAsync();
        var part = bench.Hub.Repository[WeightsFile][..Arrived];
        part[at] ^= 1;
        bench.LeavePartial(WeightsFile, part);

        await bench.PullAsync();

        Assert.Equal([Arrived, null], bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_left_part_that_is_longer_than_the_file_is_thrown_away()
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, [.. bench.Hub.Repository[WeightsFile], 0]);

        await bench.PullAsync();

        Assert.Null(Assert.Single(bench.Hub.RequestsFor(WeightsFile)).RangeFrom);
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_goes_on_where_it_was_cut()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Cut(Arrived));

        await bench.PullAsync();

        Assert.Equal([null, Arrived], bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom));
        Assert.Equal(bench.Hub.Repository[WeightsFile].Length, bench.Hub.BytesSentOf(WeightsFile));
        bench.AssertWhole(WeightsFile);
        Assert.Contains(bench.Notes, note => note.Contains(WeightsFile, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_reset_goes_on_after_what_arrived()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Reset(Arrived));

        await bench.PullAsync();

        Assert.Equal(2, bench.Hub.RequestsFor(WeightsFile).Count);
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task An_answer_without_length_that_ends_early_goes_on_where_it_ended()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.EndEarly(Arrived));

        await bench.PullAsync();

        Assert.Equal([null, Arrived], bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_line_that_breaks_again_and_again_still_brings_the_file()
    {
        await using var bench = await PullBench.StartAsync();
        const int piece = 100_000;
        bench.Hub.Fail(WeightsFile, new HubFault.Cut(piece), MisbehavingHub.Always);

        await bench.PullAsync();

        var pieces = (bench.Hub.Repository[WeightsFile].Length + piece - 1) / piece;
        Assert.True(pieces > bench.Options.MaxFruitlessRetries);
        Assert.Equal(pieces, bench.Hub.RequestsFor(WeightsFile).Count);
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_server_without_ranges_starts_the_file_anew()
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, bench.Hub.Repository[WeightsFile].AsSpan(0, Arrived));
        bench.Hub.Fail(WeightsFile, new HubFault.IgnoreRange());

        await bench.PullAsync();

        Assert.Equal(bench.Hub.Repository[WeightsFile].Length, bench.Hub.BytesSentOf(WeightsFile));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_server_without_ranges_that_always_cuts_is_given_up()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.Cut(Arrived, IgnoresRange: true), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.Network, failure.Failure);
        Assert.Contains(WeightsFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1 + bench.Options.MaxFruitlessRetries, bench.Hub.RequestsFor(WeightsFile).Count);
        bench.AssertNoModel();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Arrived + 1)]
    public async Task An_answer_with_another_range_is_not_appended(int from)
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, bench.Hub.Repository[WeightsFile].AsSpan(0, Arrived));
        bench.Hub.Fail(WeightsFile, new HubFault.OtherRange(from));

        await bench.PullAsync();

        Assert.Equal([Arrived, null], bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_range_that_the_server_refuses_is_followed_by_the_whole_file()
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, bench.Hub.Repository[WeightsFile].AsSpan(0, Arrived));
        bench.Hub.Fail(WeightsFile, new HubFault.Status(416, AtFileServer: true));

        await bench.PullAsync();

        Assert.Equal([Arrived, null], bench.Hub.RequestsFor(WeightsFile).Select(request => request.RangeFrom));
        bench.AssertWhole(WeightsFile);
    }

    [Fact]
    public async Task A_file_that_shrank_on_the_server_is_not_taken()
    {
        await using var bench = await PullBench.StartAsync();
        bench.LeavePartial(WeightsFile, bench.Hub.Repository[WeightsFile].AsSpan(0, Arrived));
        bench.Hub.Fail(WeightsFile, new HubFault.OtherContent(new byte[Arrived + 10]), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.ChecksumMismatch, failure.Failure);
        Assert.Contains("1000010", failure.Message, StringComparison.Ordinal);
        bench.AssertNoModel();
        Assert.False(File.Exists(bench.Partial(WeightsFile)));
    }

    [Fact]
    public async Task Wrong_bytes_once_are_fetched_again()
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(WeightsFile, new HubFault.WrongByte(Arrived));

        await bench.PullAsync();

        Assert.Equal(2, bench.Hub.RequestsFor(WeightsFile).Count);
        bench.AssertWhole(WeightsFile);
    }

    [Theory]
    [InlineData(WeightsFile)]
    [InlineData(Config)]
    [InlineData("modules.json")]
    public async Task Wrong_bytes_twice_are_an_error_and_leave_nothing_behind(string file)
    {
        await using var bench = await PullBench.StartAsync();
        bench.Hub.Fail(file, new HubFault.WrongByte(3), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.ChecksumMismatch, failure.Failure);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Hub.RequestsFor(file).Count);
        Assert.False(File.Exists(bench.Blob(file)));
        Assert.False(File.Exists(bench.Partial(file)));
        Assert.Null(bench.Find());
    }

    [Fact]
    public async Task More_bytes_than_announced_are_not_written()
    {
        await using var bench = await PullBench.StartAsync();
        byte[] longer = [.. bench.Hub.Repository[WeightsFile], .. new byte[1_000_000]];
        bench.Hub.Fail(WeightsFile, new HubFault.OtherContent(longer), MisbehavingHub.Always);

        var failure = await bench.FailToPullAsync();

        Assert.Equal(PullFailure.ChecksumMismatch, failure.Failure);
        bench.AssertNoModel();
    }
}
