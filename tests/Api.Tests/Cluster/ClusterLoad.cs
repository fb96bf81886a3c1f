using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ActorEmbed.Api.Tests.Cluster;

/// <summary>Callers in a loop who know what they must get. One who is told to come back does, as the clients do.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private const int Callers = 6;
    private const int MostTexts = 40;

    // The clients' own pause is a second; a shorter one puts more load on whoever has just come back.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client;
    private readonly ClusterQuestions _questions;
    private readonly bool _mayRetry;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _callers;
    private long _answered;
    private long _retried;
    private long _lost;
    private long _wrong;
    private string _firstFailure = "";

    public ClusterLoad(HttpClient client, bool mayRetry, ClusterQuestions? questions = null)
    {
        _client = client;
        _questions = questions ?? ClusterQuestions.Vectors;
        _mayRetry = mayRetry;
        _callers = Task.WhenAll(Enumerable.Range(1, Callers).Select(seed => Task.Run(() => LoopAsync(new Random(seed)))));
    }

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>What the first request that was lost was told; empty while none was.</summary>
    public string FirstFailure => Volatile.Read(ref _firstFailure);

    /// <summary>Lets the callers finish what they have asked, and checks what became of all of it.</summary>
    /// <param name="answeredByRouter">How many answers the router counts, to find those that nobody asked for; null after a restart.</param>
    /// <param name="log">Where the counts are printed.</param>
    public async Task AssertNothingLostAsync(Func<Task<long>>? answeredByRouter, Action<string> log)
    {
        await _end.CancelAsync();
        await _callers;
        var duplicated = answeredByRouter is null ? 0 : await answeredByRouter() - Answered;
        var counts = $"answered {Answered}, retried {_retried}, lost {_lost}, duplicated {duplicated}, wrong {_wrong}";
        log(counts);
        Assert.True(Answered > 0 && _lost == 0 && duplicated == 0 && _wrong == 0, $"{counts}; {_firstFailure}");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _abandon.CancelAsync();
        await _callers;
        _end.Dispose();
        _abandon.Dispose();
    }

    private async Task LoopAsync(Random random)
    {
        while (!_end.IsCancellationRequested)
            await AskAsync(ClusterQuestions.Choose(random, MostTexts));
    }

    private async Task AskAsync(int[] texts)
    {
        using var pause = new PeriodicTimer(RetryPause);
        while (!_abandon.IsCancellationRequested)
        {
            try
            {
                using var response = await _client.PostAsJsonAsync(_questions.Path, _questions.BodyOf(texts), _abandon.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    Check(texts, await response.Content.ReadFromJsonAsync<JsonElement>());
                    return;
                }

                if (!_mayRetry || response.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    Lost($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                    return;
                }
            }
            catch (HttpRequestException e)
            {
                if (!_mayRetry)
                {
                    Lost(e.Message);
                    return;
                }
            }
            catch (OperationCanceledException e)
            {
                Lost(e.Message);
                return;
            }

            Interlocked.Increment(ref _retried);
            await pause.WaitForNextTickAsync();
        }
    }

    private void Lost(string how)
    {
        Interlocked.Increment(ref _lost);
        Interlocked.CompareExchange(ref _firstFailure, how, "");
    }

    private void Check(int[] texts, JsonElement body)
    {
        Interlocked.Increment(ref _answered);
        if (!_questions.IsRight(texts, body))
            Interlocked.Increment(ref _wrong);
    }
}
