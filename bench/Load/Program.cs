using System.Globalization;
using ActorEmbed.Load;

if (args is not ["fairness", var seconds, var rounds, ..])
{
    Console.Error.WriteLine("usage: ActorEmbed.Load fairness SECONDS_A_PHASE ROUNDS [arguments of the server]");
    return 1;
}

using var server = await ServerUnderLoad.StartAsync(args[3..]);
await new Fairness(
    server,
    TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)),
    int.Parse(rounds, CultureInfo.InvariantCulture)).RunAsync();
return 0;
