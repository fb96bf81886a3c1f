using System.Globalization;
using ActorEmbed.Load;

switch (args)
{
    case ["fairness", var seconds, var rounds, .. var rest]:
        // Singles may go to another model than the bulk: --single NAME, and --model twice among the arguments of the server.
        var (singleModel, serverArguments) = rest is ["--single", var name, .. var others] ? (name, others) : (null, rest);
        using (var server = await ServerUnderLoad.StartAsync(serverArguments))
        {
            foreach (var bulk in BulkLoad.All)
            {
                await new Fairness(
                    server, bulk,
                    TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)),
                    int.Parse(rounds, CultureInfo.InvariantCulture),
                    singleModel).RunAsync();
            }
        }

        return 0;
    case ["long", var words, var phaseSeconds, var phaseRounds, .. var arguments]:
        // The server takes texts of so many tokens only if its model does: --model among the arguments.
        using (var server = await ServerUnderLoad.StartAsync(arguments))
        {
            await new LongTexts(
                server,
                int.Parse(words, CultureInfo.InvariantCulture),
                TimeSpan.FromSeconds(double.Parse(phaseSeconds, CultureInfo.InvariantCulture)),
                int.Parse(phaseRounds, CultureInfo.InvariantCulture)).RunAsync();
        }

        return 0;
    case ["overhead"]:
        using (var server = await ServerUnderLoad.StartAsync([]))
            await Overhead.RunAsync(server);
        return 0;
    default:
        Console.Error.WriteLine("usage: ActorEmbed.Load fairness SECONDS_A_PHASE ROUNDS [--single MODEL] [arguments of the server]"
            + " | long WORDS SECONDS_A_PHASE ROUNDS [arguments of the server] | overhead");
        return 1;
}
