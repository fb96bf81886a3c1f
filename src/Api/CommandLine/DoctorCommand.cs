using System.CommandLine;
using ActorEmbed.Api.CommandLine.Diagnosis;
using ActorEmbed.Api.Configuration;

namespace ActorEmbed.Api.CommandLine;

/// <summary><c>actorembed doctor</c>: looks at what a server would need, and says what to do about what is amiss.</summary>
internal static class DoctorCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command("doctor", "Examine this machine and these settings; says what to do about what is amiss.");
        foreach (var option in ServerSettingOptions.All)
            command.Options.Add(option.Option);
        command.SetAction(arguments =>
            Run(SettingsReader.Read([.. ServerSettingOptions.All.Select(option => option.Read(arguments)).OfType<GivenSetting>()]), interruption));
        return command;
    }

    /// <summary>0, or the code that a server would end with.</summary>
    private static int Run(EffectiveSettings settings, Interruption interruption)
    {
        interruption.EndProcess();
        var exitCode = ExitCode.Success;
        var findings = settings.UnknownVariables
            .Select(name => new Finding("environment", name, "No setting of this program has that name; 'actorembed --help' and docs/server.md list them."))
            .Concat(Examination.Of(settings.Options));
        foreach (var finding in findings)
        {
            var mark = finding.ExitCode != ExitCode.Success ? "FAIL" : finding.Advice is null ? "ok  " : "note";
            Console.Out.WriteLine($"{mark}  {finding.Subject,-13} {finding.Found}");
            if (finding.Advice is not null)
                Console.Out.WriteLine($"      {"",-13} -> {finding.Advice}");
            if (exitCode == ExitCode.Success)
                exitCode = finding.ExitCode;
        }

        return exitCode;
    }
}
