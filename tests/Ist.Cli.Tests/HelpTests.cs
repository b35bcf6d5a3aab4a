using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>The help of each command, and the version.</summary>
public sealed class HelpTests
{
    [Fact]
    public void The_command_lists_its_commands_and_exit_codes()
    {
        string help = Command.Run("--help").Succeeded().Output;

        foreach (string command in (string[])["finetune", "plan", "evaluate", "generate", "trace", "merge", "report", "compare"])
            Assert.Contains($"  {command} ", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done, 1 the run failed or was stopped, 2 the command line or a file is wrong.", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finetune", "--model --data --output --eval-data --eval-fraction --method --init --rank --alpha --dropout --target --sparse --active-layers --truncate --interval --layers --block-order --candidates --suppressed-layers --suppression --step-size --probe --probe-rows --draw --sparse-warmup-steps --gradient-decay --exploration --state --steps --epochs --batch-size --micro-batch-size --max-length --packing --gradient-checkpointing --lr --schedule --warmup-steps --weight-decay --max-grad-norm --eval-every --save-every --log --resume --no-memory-check --profile --threads --seed --data-seed --device --train-on-prompt --sample-prompt")]
    [InlineData("plan", "--model --method --init --rank --target --sparse --truncate --state --micro-batch-size --max-length --gradient-checkpointing --adapter --json")]
    [InlineData("evaluate", "--model --adapter --data --max-length --train-on-prompt --batch-size --threads --device --json")]
    [InlineData("generate", "--model --adapter --prompt --max-new-tokens --temperature --top-p --top-k --seed --profile --threads")]
    [InlineData("report", "--output")]
    [InlineData("compare", "--policies --methods --seeds --model --data --output --sparse --resume --data-seed")]
    [InlineData("trace", "--model --adapter --input --output --gradients --threads")]
    public void A_command_explains_each_option_and_gives_examples(string command, string options)
    {
        string help = Command.Run(command, "--help").Succeeded().Output;

        string[] lines = help.Split('\n');
        foreach (string option in options.Split(' '))
        {
            string line = Assert.Single(lines, l => l.StartsWith($"  {option} ", StringComparison.Ordinal));
            // A sentence, not only the name of the value.
            Assert.True(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > 3, line);
        }
        int examples = Array.IndexOf(lines.Select(l => l.TrimEnd()).ToArray(), "Examples:");
        Assert.True(examples > 0);
        Assert.StartsWith($"  ist {command} ", lines[examples + 1], StringComparison.Ordinal);
    }

    [Fact]
    public void Switches_have_no_value_in_the_help() =>
        Assert.Contains("  --resume  ", Command.Run("finetune", "--help").Output, StringComparison.Ordinal);

    [Fact]
    public void The_version_is_the_project_s() => Assert.Matches(@"^\d+\.\d+\.\d+\s*$", Command.Run("--version").Succeeded().Output);

    [Fact]
    public void No_command_is_an_error_that_lists_them() =>
        Command.Run().Failed(2, "a command is missing; expected finetune, plan, evaluate, generate, trace, merge, report, compare; see 'ist --help'");
}
