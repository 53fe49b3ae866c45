# What the structure checks share: the files of the source, their texts, and
# how findings are told. Each check is called as: check_x SOURCE_DIR BUILD_DIR.
use strict;
use warnings;

our ($source, $build) = @ARGV;
die "usage: $0 SOURCE_DIR BUILD_DIR\n" unless defined $build;

our @rooms = qw(common schema server tui tests tools);
my $findings = 0;

# Paths below the source folder that end in one of these, without build
# folders, which stand beside the rooms.
sub files {
    my (@endings) = @_;
    my $wanted = join '|', map { quotemeta } @endings;
    my @found;
    my @folders = grep { -d "$source/$_" } @rooms;
    while (defined(my $folder = shift @folders)) {
        opendir my $dir, "$source/$folder" or die "$folder: $!\n";
        for my $name (sort grep { !/^\./ } readdir $dir) {
            my $path = "$folder/$name";
            if (-d "$source/$path") {
                push @folders, $path unless $path eq 'tests/fuzz/corpus';
            } elsif ($path =~ /(?:$wanted)$/) {
                push @found, $path;
            }
        }
    }
    return sort @found;
}

sub text_of {
    my ($path) = @_;
    open my $in, '<:encoding(UTF-8)', "$source/$path" or die "$path: $!\n";
    local $/;
    my $text = <$in>;
    return defined $text ? $text : '';
}

# C without its comments; lines keep their numbers.
sub without_comments {
    my ($text) = @_;
    $text =~ s{("(?:[^"\\\n]|\\.)*")|/\*(.*?)\*/|//[^\n]*}
              {defined $1 ? $1 : "\n" x (defined $2 ? $2 =~ tr/\n// : 0)}gse;
    return $text;
}

sub finding {
    my ($where, $what) = @_;
    print "$where: $what\n";
    $findings++;
}

sub finish {
    my ($summary) = @_;
    print "$summary\n" if defined $summary;
    print "$findings findings\n" if $findings;
    exit($findings ? 1 : 0);
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return @sorted ? $sorted[$#sorted / 2] : 0;
}

binmode STDOUT, ':encoding(UTF-8)';
1;
